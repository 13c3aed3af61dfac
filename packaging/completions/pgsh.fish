# Completion of pgsh for fish. Made by packaging/generate.

# What may follow a text at the prompt, by the options that were given.
function __pgsh_asked
    set -l words (commandline -opc)
    set -l connection
    set -l i 2
    while test $i -le (count $words)
        switch $words[$i]
            case -h -p -U --host --port --username
                set -l value (math $i + 1)
                if test $value -le (count $words)
                    set -a connection $words[$i] $words[$value]
                end
                set i $value
            case '--host=*' '--port=*' '--username=*' '-h*' '-p*' '-U*'
                set -a connection $words[$i]
        end
        set i (math $i + 1)
    end
    set -q PGDATABASE; or set -lx PGDATABASE postgres
    set -lx PGCONNECT_TIMEOUT 2
    printf '%s' $argv[1] | $words[1] -w $connection --complete 2>/dev/null |
        cut -f 1 | sed 's/^"\(.*\)"$/\1/; s/""/"/g'
end

# A field of the password file.
function __pgsh_passwords
    set -l file ~/.pgpass
    set -q PGPASSFILE; and set file $PGPASSFILE
    cut -d : -f $argv[1] $file 2>/dev/null | string match -rv '^[*#]|^$'
end

function __pgsh_services
    set -l file ~/.pg_service.conf
    set -q PGSERVICEFILE; and set file $PGSERVICEFILE
    sed -n $argv[1] $file 2>/dev/null
end

# Names, but for those that would be read as an option.
function __pgsh_names
    printf '%s\n' $argv | string match -rv '^-|^$'
end

function __pgsh_databases
    set -l services (__pgsh_services 's/^\[\(.*\)\].*/service=\1/p')
    __pgsh_names (__pgsh_asked '\\c ') (__pgsh_passwords 3) $services
end

function __pgsh_roles
    __pgsh_names (__pgsh_asked '\\password ') (__pgsh_passwords 4)
end

function __pgsh_hosts
    __pgsh_passwords 1
    __pgsh_services 's/^host=//p'
    sed -e '/^[|#@]/d' -e 's/[ ,].*//' -e 's/^\[\(.*\)\].*/\1/' ~/.ssh/known_hosts 2>/dev/null
end

# The scratch databases that are kept.
function __pgsh_scratch_names
    set -l words (commandline -opc)
    $words[1] -Atq -F \t --scratch-list 2>/dev/null | cut -f 1
end

# Whether so many operands stand before the cursor.
function __pgsh_operands
    set -l words (commandline -opc)
    set -l count 0
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word @WITH_VALUE@
            set skip 1
        else if not string match -q -- '-*' $word
            set count (math $count + 1)
        end
    end
    test $count -eq $argv[1]
end

complete -c pgsh -f
complete -c pgsh -n '__pgsh_operands 0' -a '(__pgsh_databases)'
complete -c pgsh -n '__pgsh_operands 1' -a '(__pgsh_roles)'
@OPTIONS@
