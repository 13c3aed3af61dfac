-- The help of the \d family: psql has no such command.
\d?
