# Sourced. say ENGLISH INDONESIAN: prints the text in the language of the terminal's locale. For bash 3.2 as well.

say() {
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
        id | id[_.@:-]* | in | in[_.@:-]* | ind | ind[_.@:-]* | [iI]ndonesian*) echo "$2" ;;
        *) echo "$1" ;;
    esac
}
