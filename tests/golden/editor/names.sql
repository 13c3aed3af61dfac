-- The blank between a name and a line number stays with the name.
\ef nothing 3
\ef nothing(int) 3
\ef nothing(int) 3 ;
\ef 'nothing '
\ef nothing ;
\ef 3 4
\ev 3 4
\ev nothing 3
\ev 'nothing  3 '
\sf nothing ;
\sf 'nothing '
\sf
