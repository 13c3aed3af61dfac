# Completion of pgsh for bash. Made by packaging/generate.

_pgsh_words() {
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# Names that an = follows.
_pgsh_names() {
    _pgsh_words "$1"
    compopt -o nospace 2>/dev/null
}

_pgsh_files() {
    local IFS=$'\n'
    COMPREPLY=($(compgen -f -- "$cur"))
    compopt -o filenames 2>/dev/null
}

# The lines of standard input that begin with $cur.
_pgsh_lines() {
    local line
    while read -r line; do
        [[ -n $line && $line == "$cur"* ]] && COMPREPLY+=("$(printf %q "$line")")
    done
}

# What may follow a text at the prompt, by the options that were given.
_pgsh_asked() {
    printf '%s' "$1" | PGDATABASE=${PGDATABASE:-postgres} PGCONNECT_TIMEOUT=2 \
        "${words[0]}" -w "${connection[@]}" --complete 2>/dev/null |
        cut -f 1 | sed 's/^"\(.*\)"$/\1/; s/""/"/g'
}

# Field $1 of the password file.
_pgsh_passwords() {
    cut -d : -f "$1" "${PGPASSFILE:-$HOME/.pgpass}" 2>/dev/null | grep -v -e '^[*#]' -e '^$' | sort -u
}

_pgsh_databases() {
    _pgsh_lines < <(
        _pgsh_asked '\c '
        _pgsh_passwords 3
        sed -n 's/^\[\(.*\)\].*/service=\1/p' "${PGSERVICEFILE:-$HOME/.pg_service.conf}" 2>/dev/null
    )
}

_pgsh_roles() {
    _pgsh_lines < <(_pgsh_asked '\password '; _pgsh_passwords 4)
}

_pgsh_hosts() {
    _pgsh_lines < <(
        _pgsh_passwords 1
        sed -n 's/^host=//p' "${PGSERVICEFILE:-$HOME/.pg_service.conf}" 2>/dev/null
        sed -e '/^[|#@]/d' -e 's/[ ,].*//' -e 's/^\[\(.*\)\].*/\1/' "$HOME/.ssh/known_hosts" 2>/dev/null |
            sort -u
    )
}

# The scratch databases that are kept.
_pgsh_scratch_names() {
    _pgsh_lines < <("${words[0]}" -Atq -F $'\t' --scratch-list 2>/dev/null | cut -f 1)
}

# The value of the option $1 begins with $cur.
_pgsh_value() {
    case $1 in
@CASES@
        *) return 1 ;;
    esac
}

# Whether the next word is this option's value.
_pgsh_takes_value() {
    [[ " @WITH_VALUE@ " == *" $1 "* ]]
}

# The words up to the cursor. Bash splits them at = and :, which values may hold.
_pgsh_join() {
    local line=$COMP_LINE word gap
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        gap=${line%%[![:blank:]]*}
        line=${line#"$gap"}
        line=${line#"$word"}
        if [[ -z $gap && ${#words[@]} -gt 0 ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
    done
    cword=$((${#words[@]} - 1))
    cur=${words[cword]} prev=${words[cword-1]}
}

_pgsh() {
    local cur prev words=() cword connection=() operands=0 i kept
    _pgsh_join
    COMPREPLY=()
    for ((i = 1; i < cword; i++)); do
        case ${words[i]} in
            -h | -p | -U | --host | --port | --username)
                ((i + 1 < cword)) && connection+=("${words[i]}" "${words[i + 1]}")
                ((i++))
                ;;
            --host=* | --port=* | --username=* | -[hpU]?*) connection+=("${words[i]}") ;;
            -*) _pgsh_takes_value "${words[i]}" && ((i++)) ;;
            *) ((operands++)) ;;
        esac
    done
    if [[ $cur == --*=* ]]; then
        prev=${cur%%=*} cur=${cur#*=}
        _pgsh_value "$prev"
    elif _pgsh_takes_value "$prev"; then
        _pgsh_value "$prev"
    elif [[ $cur == -* ]]; then
        _pgsh_words '@WORDS@'
        [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
    else
        case $operands in
            0) _pgsh_databases ;;
            1) _pgsh_roles ;;
        esac
    fi
    # What stands before the = or : where bash split is not replaced.
    kept=${COMP_WORDS[COMP_CWORD]}
    kept=${cur%"${kept#[=:]}"}
    [[ -n $kept ]] && COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    return 0
}

complete -F _pgsh pgsh
