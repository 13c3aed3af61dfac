//! The object identifiers that are looked for, as they are in DER.

pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

// Extensions.
pub const SUBJECT_KEY_ID: &[u8] = &[0x55, 29, 14];
pub const KEY_USAGE: &[u8] = &[0x55, 29, 15];
pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 29, 17];
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 29, 19];
pub const CRL_NUMBER: &[u8] = &[0x55, 29, 20];
pub const REASON_CODE: &[u8] = &[0x55, 29, 21];
pub const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 29, 27];
pub const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 29, 28];
pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 29, 30];
pub const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 29, 31];
pub const POLICIES: &[u8] = &[0x55, 29, 32];
pub const POLICY_MAPPINGS: &[u8] = &[0x55, 29, 33];
pub const AUTHORITY_KEY_ID: &[u8] = &[0x55, 29, 35];
pub const POLICY_CONSTRAINTS: &[u8] = &[0x55, 29, 36];
pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 29, 37];
pub const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 29, 54];
/// Netscape's old one: what a certificate is for.
pub const NETSCAPE_CERT_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
/// Addresses and numbers of networks (RFC 3779), and a proxy's rights (RFC 3820).
pub const IP_ADDRESS_BLOCKS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
pub const AS_IDENTIFIERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 8];
pub const PROXY_CERT_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];

// Purposes.
pub const ANY_PURPOSE: &[u8] = &[0x55, 29, 37, 0];
pub const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];

/// A mail address in UTF-8 as a name of another kind (RFC 8398).
pub const UTF8_MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];

// Signatures.
pub const MD5_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];
pub const SHA1_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5];
pub const RSASSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
pub const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
pub const SHA384_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12];
pub const SHA512_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13];
pub const SHA224_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14];
pub const ECDSA_WITH_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
pub const ECDSA_WITH_SHA224: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1];
pub const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
pub const ECDSA_WITH_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
pub const ECDSA_WITH_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4];

// Hashes.
pub const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5];
pub const SHA1: &[u8] = &[0x2b, 14, 3, 2, 26];
pub const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
pub const SHA384: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
pub const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
pub const SHA224: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4];
