//! A server's side of NTLM, written from [MS-NLMP]: it believes a client that proves the password on one connection.

use super::talker::Reply;
use crate::newman::echo::Seen;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use des::Des;
use des::cipher::{BlockEncrypt as _, KeyInit as _};
use hmac::{Hmac, Mac as _};
use md4::{Digest as _, Md4};
use md5::Md5;

/// Domain, user, password.
pub(crate) const ACCOUNT: (&str, &str, &str) = ("DOM", "zoë", "p4ssw0rd€");
const CHALLENGE: [u8; 8] = *b"\x01\x23\x45\x67\x89\xab\xcd\xef";

/// How far a connection is.
#[derive(Default, PartialEq)]
pub(crate) enum Step {
    #[default]
    Unknown,
    Challenged,
    Proved,
}

/// Asks for what the path says: `/ntlm/2` NTLMv2, `/ntlm/session` v1 with session security, `/ntlm/1` plain v1,
/// `/ntlm/oem` the same without Unicode.
pub(crate) fn answer(step: &mut Step, request: &Seen) -> Reply {
    let variant = request.target.split('/').nth(2).unwrap_or_default();
    let message = request.header("authorization").and_then(|value| value.strip_prefix("NTLM "));
    let message = message.map(|message| BASE64_STANDARD.decode(message).unwrap());
    match message.as_deref() {
        None if *step == Step::Proved => Reply::ok(),
        None => Reply::challenge("NTLM"),
        Some(message) if message[..12] == *b"NTLMSSP\0\x01\0\0\0" => {
            *step = Step::Challenged;
            Reply::challenge(format!("NTLM {}", BASE64_STANDARD.encode(type_2(variant))))
        }
        Some(message) if *step == Step::Challenged => {
            let proved = verify(variant, message);
            *step = if proved { Step::Proved } else { Step::Unknown };
            if proved { Reply::ok() } else { Reply { status: 403, headers: vec![] } }
        }
        Some(_) => Reply { status: 400, headers: vec![] },
    }
}

fn type_2(variant: &str) -> Vec<u8> {
    let unicode = if variant == "oem" { 0x2u32 } else { 0x1 };
    let security = if matches!(variant, "2" | "session") { 0x8_0000 } else { 0 };
    let described = if variant == "2" { 0x80_0000 } else { 0 };
    let flags = unicode | security | described | 0x200;
    let info = [&[2u8, 0, 6, 0][..], &utf16("DOM"), &[0; 4]].concat();
    let info = if variant == "2" { info } else { Vec::new() };
    let length = (info.len() as u16).to_le_bytes();
    let mut out = b"NTLMSSP\0\x02\0\0\0".to_vec();
    out.extend([0, 0, 0, 0, 48, 0, 0, 0]);
    out.extend(flags.to_le_bytes());
    out.extend(CHALLENGE);
    out.extend([0; 8]);
    out.extend([length[0], length[1], length[0], length[1], 48, 0, 0, 0]);
    out.extend(info);
    out
}

fn verify(variant: &str, message: &[u8]) -> bool {
    let field = |at: usize| {
        let number = |at: usize| u32::from_le_bytes(message[at..at + 4].try_into().unwrap()) as usize;
        let start = number(at + 4);
        &message[start..start + (number(at) & 0xffff)]
    };
    let (lm, nt, domain, user) = (field(12), field(20), field(28), field(36));
    let text = |text: &str| match variant {
        "oem" => text.chars().map(|c| u32::from(c) as u8).collect(),
        _ => utf16(text),
    };
    if message[..12] != *b"NTLMSSP\0\x03\0\0\0" || domain != text(ACCOUNT.0) || user != text(ACCOUNT.1) {
        return false;
    }
    let key = Md4::digest(utf16(ACCOUNT.2));
    match variant {
        "2" => {
            let identity = utf16(&format!("{}{}", ACCOUNT.1.to_uppercase(), ACCOUNT.0));
            let key = hmac(&key, &[&identity]);
            let (proof, blob) = nt.split_at(16);
            let (lm_proof, nonce) = lm.split_at(16);
            // The blob: version, time, the client's nonce, what the server said of itself.
            let fresh = &blob[8..16] != [0; 8].as_slice() && blob[16..24] == *nonce && nonce != [0; 8];
            let described = blob[28..].starts_with(&[2, 0, 6, 0]);
            fresh
                && described
                && blob[..8] == [1, 1, 0, 0, 0, 0, 0, 0]
                && proof == hmac(&key, &[&CHALLENGE, blob])
                && lm_proof == hmac(&key, &[&CHALLENGE, nonce])
        }
        "session" => {
            let session = Md5::new().chain_update(CHALLENGE).chain_update(&lm[..8]).finalize();
            lm[8..] == [0; 16] && nt == encrypted(&key, session[..8].try_into().unwrap())
        }
        _ => nt == encrypted(&key, CHALLENGE),
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <Hmac<Md5> as hmac::KeyInit>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// DESL ([MS-NLMP] §6).
fn encrypted(hash: &[u8], data: [u8; 8]) -> Vec<u8> {
    let mut padded = hash.to_vec();
    padded.resize(21, 0);
    let third = |key: &[u8]| {
        let bits: Vec<u8> =
            key.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        let spread: Vec<u8> =
            bits.chunks(7).map(|seven| seven.iter().fold(0, |byte, bit| byte << 1 | bit) << 1).collect();
        let mut block = data.into();
        Des::new_from_slice(&spread).unwrap().encrypt_block(&mut block);
        block.to_vec()
    };
    padded.chunks(7).flat_map(third).collect()
}
