-- The history of a shell that has none.
\s
\s history.txt
\s history.txt extra
\s /no/such/directory/history.txt
