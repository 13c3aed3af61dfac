-- Even an argument that is not used is read.
\lo_unlink 1 'x
\lo_unlink 1 2 'x
