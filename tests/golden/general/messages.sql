-- \echo, \qecho and \warn.
\echo one  two   'three  four' "five  six"
\echo -n no newline
\echo  and the rest
\echo '-n' quoted
\echo -n
\echo a -n b
\echo
\warn one  two   'three  four'
\warn -n no newline
\warn  and the rest
\warn
\qecho one 'two  three'
\qecho -n no newline
\qecho  and the rest
\o messages.txt
\echo to standard output
\qecho to the file
\warn to standard error
\o
\! cat messages.txt
\set name 'a value'
\echo :name :'name' :"name" ':name' :missing :{?name} :{?missing}
\warn :name :'name' :"name"
\qecho `echo from the shell`
\echo 'quote '' inside' 'tab\tnewline\nend' '\101\x42'
\echo a\\ \echo b
\if false
\echo never
\warn never
\qecho never
\endif
