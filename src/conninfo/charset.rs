//! The server's names for the character sets of locales.

/// The server's name for a character set as the C library names it: `ISO-8859-1` is `LATIN1`.
pub(super) fn encoding_of(charmap: &[u8]) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("", "SQL_ASCII"),
        ("ansix341968", "SQL_ASCII"),
        ("utf8", "UTF8"),
        ("iso88591", "LATIN1"),
        ("iso88592", "LATIN2"),
        ("iso88593", "LATIN3"),
        ("iso88594", "LATIN4"),
        ("iso88595", "ISO_8859_5"),
        ("iso88596", "ISO_8859_6"),
        ("iso88597", "ISO_8859_7"),
        ("iso88598", "ISO_8859_8"),
        ("iso88599", "LATIN5"),
        ("iso885910", "LATIN6"),
        ("iso885913", "LATIN7"),
        ("iso885914", "LATIN8"),
        ("iso885915", "LATIN9"),
        ("iso885916", "LATIN10"),
        ("koi8r", "KOI8R"),
        ("koi8u", "KOI8U"),
        ("cp1250", "WIN1250"),
        ("cp1251", "WIN1251"),
        ("cp1252", "WIN1252"),
        ("cp1253", "WIN1253"),
        ("cp1254", "WIN1254"),
        ("cp1255", "WIN1255"),
        ("cp1256", "WIN1256"),
        ("cp1257", "WIN1257"),
        ("cp1258", "WIN1258"),
        ("eucjp", "EUC_JP"),
        ("euckr", "EUC_KR"),
        ("gb2312", "EUC_CN"),
        ("euctw", "EUC_TW"),
        ("sjis", "SJIS"),
        ("shiftjis", "SJIS"),
        ("cp949", "UHC"),
        ("johab", "JOHAB"),
        ("big5hkscs", "BIG5"),
        ("big5", "BIG5"),
        ("gbk", "GBK"),
        ("gb18030", "GB18030"),
    ];
    let plain: Vec<u8> =
        charmap.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    NAMES.iter().find(|(name, _)| name.as_bytes() == plain).map(|(_, name)| *name)
}
