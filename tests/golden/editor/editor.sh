# An editor for edit.sql: shows how it was called and what it got, then does what DO says.
for file; do :; done
while [ $# -gt 1 ]; do echo "editor argument: $1"; shift; done
sed 's/^/editor sees: /' "$file"
case "$DO" in
    write) printf "$TEXT" > "$file" ;;
    fail) exit 3 ;;
esac
