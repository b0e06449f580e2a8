//! The messages of NTLM and their proofs ([MS-NLMP]): type 1 out, type 2 in, type 3 out.

use des::Des;
use des::cipher::{BlockEncrypt as _, KeyInit};
use hmac::{Hmac, Mac as _};
use md4::Md4;
use md5::{Digest as _, Md5};

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";
/// Windows XP's, revision 15: what Postman claims to be.
const VERSION: [u8; 8] = [5, 1, 0x28, 0x0a, 0, 0, 0, 15];

const UNICODE: u32 = 0x1;
const OEM: u32 = 0x2;
const REQUEST_TARGET: u32 = 0x4;
const NTLM: u32 = 0x200;
const DOMAIN_SUPPLIED: u32 = 0x1000;
const WORKSTATION_SUPPLIED: u32 = 0x2000;
const ALWAYS_SIGN: u32 = 0x8000;
const EXTENDED_SECURITY: u32 = 0x8_0000;
const TARGET_INFO: u32 = 0x80_0000;
const HAS_VERSION: u32 = 0x200_0000;
const KEY_128: u32 = 0x2000_0000;
const KEY_56: u32 = 0x8000_0000;

/// Bytes of a type 1 message before its payload.
const NEGOTIATE_HEAD: usize = 40;
/// Bytes of a type 3 message before its payload.
const AUTHENTICATE_HEAD: usize = 72;
/// Milliseconds from 1601 to 1970.
const EPOCH: i64 = 11_644_473_600_000;

/// Who proves to be who; domain and workstation in upper case.
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) domain: String,
    pub(super) workstation: String,
}

/// What matters of a type 2 message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServerChallenge {
    flags: u32,
    nonce: [u8; 8],
    target_info: Option<Vec<u8>>,
}

impl ServerChallenge {
    /// Reads a message; `None` when it is none, or cut short.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes.get(..8)? != SIGNATURE || word(8)? != 2 {
            return None;
        }
        let flags = word(20)?;
        let nonce = bytes.get(24..32)?.try_into().ok()?;
        let info = || {
            let length = usize::from(u16::from_le_bytes(bytes.get(40..42)?.try_into().ok()?));
            let start = usize::try_from(word(44)?).ok()?;
            bytes.get(start..start.checked_add(length)?).map(<[u8]>::to_vec)
        };
        let target_info = if flags & TARGET_INFO == 0 { None } else { Some(info()?) };
        Some(Self { flags, nonce, target_info })
    }
}

/// Type 1.
pub(super) fn negotiate(credentials: &Credentials) -> Vec<u8> {
    let (domain, workstation) = (oem(&credentials.domain), oem(&credentials.workstation));
    let supplied = if domain.is_empty() { 0 } else { DOMAIN_SUPPLIED };
    let flags = UNICODE
        | OEM
        | REQUEST_TARGET
        | NTLM
        | supplied
        | WORKSTATION_SUPPLIED
        | ALWAYS_SIGN
        | EXTENDED_SECURITY
        | HAS_VERSION
        | KEY_128
        | KEY_56;
    let mut out = Vec::from(SIGNATURE.as_slice());
    out.extend(1u32.to_le_bytes());
    out.extend(flags.to_le_bytes());
    field(&mut out, &domain, NEGOTIATE_HEAD + workstation.len());
    field(&mut out, &workstation, NEGOTIATE_HEAD);
    out.extend(VERSION);
    out.extend(workstation);
    out.extend(domain);
    out
}

/// Type 3: the proof that the client knows the password, for this challenge.
pub(super) fn authenticate(
    credentials: &Credentials,
    challenge: &ServerChallenge,
    client_nonce: [u8; 8],
    millis: i64,
) -> Vec<u8> {
    let unicode = challenge.flags & UNICODE != 0;
    let text = |text: &str| if unicode { utf16(text) } else { oem(text) };
    let (domain, username) = (text(&credentials.domain), text(&credentials.username));
    let workstation = text(&credentials.workstation);
    let (lm, nt) = responses(credentials, challenge, client_nonce, millis);
    let flags = (if unicode { UNICODE } else { 0 })
        | REQUEST_TARGET
        | NTLM
        | ALWAYS_SIGN
        | EXTENDED_SECURITY
        | TARGET_INFO
        | HAS_VERSION
        | KEY_128
        | KEY_56;
    let payload = [&domain, &username, &workstation, &lm, &nt];
    let start =
        |index: usize| AUTHENTICATE_HEAD + payload[..index].iter().map(|part| part.len()).sum::<usize>();
    let mut out = Vec::from(SIGNATURE.as_slice());
    out.extend(3u32.to_le_bytes());
    for index in [3, 4, 0, 1, 2] {
        field(&mut out, payload[index], start(index));
    }
    // No session key.
    field(&mut out, &[], start(5));
    out.extend(flags.to_le_bytes());
    out.extend(VERSION);
    payload.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// Length twice, then where it starts.
fn field(out: &mut Vec<u8>, data: &[u8], start: usize) {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    out.extend(length.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(u32::try_from(start).unwrap_or(u32::MAX).to_le_bytes());
}

/// The LM and the NT response: NTLMv2 where the server describes itself, else v1, with session security if it can.
fn responses(
    credentials: &Credentials,
    challenge: &ServerChallenge,
    client_nonce: [u8; 8],
    millis: i64,
) -> (Vec<u8>, Vec<u8>) {
    let nt = Md4::digest(utf16(&credentials.password)).to_vec();
    match &challenge.target_info {
        _ if challenge.flags & EXTENDED_SECURITY == 0 => (
            des_response(&lm_hash(&credentials.password), challenge.nonce),
            des_response(&nt, challenge.nonce),
        ),
        None => {
            let session = Md5::new().chain_update(challenge.nonce).chain_update(client_nonce).finalize();
            let mut nonce = [0; 8];
            nonce.copy_from_slice(&session[..8]);
            let lm = [client_nonce.as_slice(), &[0; 16]].concat();
            (lm, des_response(&nt, nonce))
        }
        Some(info) => {
            let identity = format!("{}{}", credentials.username.to_uppercase(), credentials.domain);
            let key = hmac_md5(&nt, &[&utf16(&identity)]);
            let lm = hmac_md5(&key, &[&challenge.nonce, &client_nonce]);
            let time = ((millis + EPOCH) * 10_000).to_le_bytes();
            let blob = [&[1, 1, 0, 0, 0, 0, 0, 0][..], &time, &client_nonce, &[0; 4], info, &[0; 4]].concat();
            let proof = hmac_md5(&key, &[&challenge.nonce, &blob]);
            ([lm.as_slice(), &client_nonce].concat(), [proof, blob].concat())
        }
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// One byte a character, for servers that have no Unicode.
fn oem(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Md5> as hmac::KeyInit>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// LMOWFv1.
fn lm_hash(password: &str) -> Vec<u8> {
    let mut padded = oem(&password.to_uppercase());
    padded.resize(14, 0);
    padded.chunks(7).flat_map(|half| des(half, *b"KGS!@#$%")).collect()
}

/// The nonce encrypted with each third of the hash.
fn des_response(hash: &[u8], nonce: [u8; 8]) -> Vec<u8> {
    let mut padded = hash.to_vec();
    padded.resize(21, 0);
    padded.chunks(7).flat_map(|third| des(third, nonce)).collect()
}

/// DES with seven bytes of key, spread over the eight that DES takes.
fn des(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    let bits = key.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut spread = [0; 8];
    for (index, byte) in spread.iter_mut().enumerate() {
        *byte = ((bits >> (49 - 7 * index)) << 1) as u8;
    }
    let mut block = block.into();
    <Des as KeyInit>::new(&spread.into()).encrypt_block(&mut block);
    block.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::hex;

    fn sample() -> Credentials {
        // [MS-NLMP] §4.2.1.
        Credentials {
            username: "User".into(),
            password: "Password".into(),
            domain: "Domain".into(),
            workstation: "COMPUTER".into(),
        }
    }

    const NONCE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];

    fn challenge(flags: u32, target_info: Option<Vec<u8>>) -> ServerChallenge {
        ServerChallenge { flags, nonce: NONCE, target_info }
    }

    /// [MS-NLMP] §4.2.2: NTLMv1.
    #[test]
    fn version_1() {
        assert_eq!(hex(&lm_hash("Password")), "e52cac67419a9a224a3b108f3fa6cb6d");
        let (lm, nt) = responses(&sample(), &challenge(UNICODE, None), [0xaa; 8], 0);
        assert_eq!(hex(&lm), "98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13");
        assert_eq!(hex(&nt), "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
    }

    /// [MS-NLMP] §4.2.3: NTLMv1 with session security.
    #[test]
    fn version_1_with_session_security() {
        let (lm, nt) = responses(&sample(), &challenge(UNICODE | EXTENDED_SECURITY, None), [0xaa; 8], 0);
        assert_eq!(hex(&lm), "aaaaaaaaaaaaaaaa00000000000000000000000000000000");
        assert_eq!(hex(&nt), "7537f803ae367128ca458204bde7caf81e97ed2683267232");
    }

    /// [MS-NLMP] §4.2.4: NTLMv2, with time 0.
    #[test]
    fn version_2() {
        let mut info = Vec::new();
        for (id, text) in [(2u16, "Domain"), (1, "Server")] {
            info.extend(id.to_le_bytes());
            info.extend((utf16(text).len() as u16).to_le_bytes());
            info.extend(utf16(text));
        }
        info.extend([0; 4]);
        let flags = UNICODE | EXTENDED_SECURITY | TARGET_INFO;
        let (lm, nt) = responses(&sample(), &challenge(flags, Some(info)), [0xaa; 8], -EPOCH);
        assert_eq!(hex(&lm), "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
        assert_eq!(hex(&nt[..16]), "68cd0ab851e51c96aabc927bebef6a1c");
    }

    #[test]
    fn a_challenge_that_is_none_is_refused() {
        let mut message = Vec::from(SIGNATURE.as_slice());
        message.extend(2u32.to_le_bytes());
        message.extend([0; 8]);
        message.extend((UNICODE | TARGET_INFO).to_le_bytes());
        message.extend(NONCE);
        message.extend([0; 8]);
        message.extend([3, 0, 3, 0, 48, 0, 0, 0]);
        message.extend(b"abc");
        let read = ServerChallenge::read(&message).unwrap();
        assert_eq!(read, challenge(UNICODE | TARGET_INFO, Some(b"abc".to_vec())));
        for length in 0..message.len() {
            assert_eq!(ServerChallenge::read(&message[..length]), None, "{length} bytes");
        }
        message[8] = 3;
        assert_eq!(ServerChallenge::read(&message), None);
    }
}
