//! Private keys of clients: PKCS#8, PKCS#1 and SEC1, in PEM or DER, encrypted or not.

use super::pem::{self, Block};
use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use md5::{Digest, Md5};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

/// Reads the private key in a file's text.
///
/// # Errors
/// Why it can't be read.
pub fn read(text: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, &'static str> {
    let found = pem::blocks(text).into_iter().find(|b| b.label.ends_with("PRIVATE KEY"));
    let Some(block) = found else { return read_der(text, password) };
    if block.label == "ENCRYPTED PRIVATE KEY" {
        return decrypt_pkcs8(&block.content, password);
    }
    let content = match block.headers.iter().find(|(name, _)| name == "DEK-Info") {
        Some((_, method)) => decrypt_dek_info(&block, method, password)?,
        None => block.content,
    };
    match block.label.as_str() {
        "PRIVATE KEY" => Ok(PrivatePkcs8KeyDer::from(content).into()),
        "RSA PRIVATE KEY" => Ok(PrivatePkcs1KeyDer::from(content).into()),
        "EC PRIVATE KEY" => Ok(PrivateSec1KeyDer::from(content).into()),
        _ => Err("unsupported kind of private key"),
    }
}

fn read_der(der: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, &'static str> {
    if EncryptedPrivateKeyInfoRef::try_from(der).is_ok() {
        return decrypt_pkcs8(der, password);
    }
    PrivateKeyDer::try_from(der.to_vec()).map_err(|_| "no private key found")
}

const NO_PASSWORD: &str = "the key is encrypted, and no sslpassword was given";
const BAD_DECRYPT: &str = "bad decrypt";

fn decrypt_pkcs8(
    der: &[u8],
    password: Option<&[u8]>,
) -> Result<PrivateKeyDer<'static>, &'static str> {
    let password = password.ok_or(NO_PASSWORD)?;
    let key = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| "unsupported encryption")?;
    let key = key.decrypt(password).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) => BAD_DECRYPT,
        _ => "unsupported encryption",
    })?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

/// OpenSSL's older encryption: `DEK-Info: AES-256-CBC,IV`, the key made from the password and the
/// first half of the IV by MD5.
fn decrypt_dek_info(
    block: &Block,
    method: &str,
    password: Option<&[u8]>,
) -> Result<Vec<u8>, &'static str> {
    let password = password.ok_or(NO_PASSWORD)?;
    let (method, iv) = method.split_once(',').ok_or("unsupported encryption")?;
    let iv: [u8; 16] =
        from_hex(iv).and_then(|iv| iv.try_into().ok()).ok_or("unsupported encryption")?;
    let mut key = Vec::new();
    let mut digest = Vec::new();
    while key.len() < 32 {
        digest = Md5::new()
            .chain_update(&digest)
            .chain_update(password)
            .chain_update(&iv[..8])
            .finalize()
            .to_vec();
        key.extend_from_slice(&digest);
    }
    let content = &block.content;
    let plain = match method {
        "AES-128-CBC" => cbc::Decryptor::<aes::Aes128>::new_from_slices(&key[..16], &iv)
            .map(|cipher| cipher.decrypt_padded_vec::<Pkcs7>(content)),
        "AES-192-CBC" => cbc::Decryptor::<aes::Aes192>::new_from_slices(&key[..24], &iv)
            .map(|cipher| cipher.decrypt_padded_vec::<Pkcs7>(content)),
        "AES-256-CBC" => cbc::Decryptor::<aes::Aes256>::new_from_slices(&key[..32], &iv)
            .map(|cipher| cipher.decrypt_padded_vec::<Pkcs7>(content)),
        _ => return Err("unsupported encryption"),
    };
    plain.ok().and_then(Result::ok).ok_or(BAD_DECRYPT)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.trim().chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    Some(
        digits?
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::crypto::ring::sign::any_supported_type;

    #[test]
    fn every_form() {
        let file = |name: &str| {
            let path = format!("{}/src/tls/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
            std::fs::read(path).unwrap()
        };
        // All files hold the same key.
        let public = any_supported_type(&read(&file("pkcs8.pem"), None).unwrap())
            .unwrap()
            .public_key()
            .map(|key| key.as_ref().to_vec());
        let check = |text: &[u8], password: Option<&str>, expected: Result<(), &str>| {
            let found = read(text, password.map(str::as_bytes)).map(|key| {
                let key = any_supported_type(&key).unwrap();
                assert_eq!(key.public_key().map(|key| key.as_ref().to_vec()), public);
            });
            assert_eq!(found, expected);
        };
        check(&file("sec1.pem"), None, Ok(()));
        check(&file("sec1.pem"), Some("unneeded"), Ok(()));
        for name in ["pkcs8-encrypted.pem", "sec1-aes128.pem", "sec1-aes192.pem", "sec1-aes256.pem"]
        {
            check(&file(name), Some("secret"), Ok(()));
            check(&file(name), Some("wrong"), Err(BAD_DECRYPT));
            check(&file(name), None, Err(NO_PASSWORD));
        }
        for name in ["pkcs8.pem", "sec1.pem"] {
            check(&pem::blocks(&file(name))[0].content, None, Ok(()));
        }
        let der = &pem::blocks(&file("pkcs8-encrypted.pem"))[0].content;
        check(der, Some("secret"), Ok(()));
        check(der, Some("wrong"), Err(BAD_DECRYPT));
        check(b"", None, Err("no private key found"));
        check(
            b"-----BEGIN PUBLIC KEY-----\nQQ==\n-----END PUBLIC KEY-----\n",
            None,
            Err("no private key found"),
        );
    }
}
