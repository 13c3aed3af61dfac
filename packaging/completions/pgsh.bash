# Completion of pgsh for bash. Made by packaging/generate.

# Offers the lines of standard input as they are: `?` and `*` in them mean themselves.
_pgsh_offer() {
    local line
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done
}

_pgsh_words() {
    _pgsh_offer < <(compgen -W "$1" -- "$cur")
}

# Names that an = follows.
_pgsh_names() {
    _pgsh_words "$1"
    compopt -o nospace 2>/dev/null
}

_pgsh_files() {
    _pgsh_offer < <(compgen -f -- "$cur")
    compopt -o filenames 2>/dev/null
}

# The lines of standard input that begin with $cur, in which \ may stand before a character. A name that
# begins with - would be read as an option.
_pgsh_lines() {
    local line typed=${cur//\\/}
    while IFS= read -r line; do
        [[ -n $line && $line != -* && $line == "$typed"* ]] && COMPREPLY+=("$(printf %q "$line")")
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

# The words up to the cursor. Bash splits at = and : too, which values may hold.
_pgsh_split() {
    local rest=${COMP_LINE:0:COMP_POINT} blank part i
    words=() cword=-1
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blank=${rest%%[![:space:]]*} rest=${rest#"$blank"}
        part=${rest:0:${#COMP_WORDS[i]}} rest=${rest:${#part}}
        [[ -n $blank || $i -eq 0 ]] && ((cword += 1))
        words[cword]+=$part
    done
}

# Of what is offered, the part behind the last = or : of the word: bash replaces no more.
_pgsh_tails() {
    local breaks=${COMP_WORDBREAKS//[^=:]/} head
    [[ -n $breaks && $1 == *[$breaks]* ]] || return
    head=${1%"${1##*[$breaks]}"}
    COMPREPLY=("${COMPREPLY[@]#"$head"}")
}

_pgsh() {
    local cur prev words cword connection=() operands=0 i
    _pgsh_split
    cur=${words[cword]} prev=${words[cword - 1]}
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
    _pgsh_tails "$cur"
    return 0
}

complete -F _pgsh pgsh
