use super::{Arg, CryptoError, Output, run};
use Arg::{Absent, Bytes, Number, Text};

fn bytes(operation: &str, args: &[Arg<'_>]) -> Vec<u8> {
    match run(operation, args) {
        Ok(Output::Bytes(bytes)) => bytes,
        other => panic!("{operation}: {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn known_answers() {
    // NIST SP 800-38A F.2.1, its first block; SP 800-38A F.5.1; GCM test case 2; RFC 3394 §4.1; RFC 6070; RFC 5869 A.1.
    let key =
        [0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c];
    let block =
        [0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a];
    let iv: Vec<u8> = (0..16).collect();
    let counter: Vec<u8> = (0xf0..=0xff).collect();
    let kek: Vec<u8> = (0..16).collect();
    let wrapped: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
    let info: Vec<u8> = (0xf0..0xfa).collect();
    let salt: Vec<u8> = (0..13).collect();
    let none = Absent;
    let cases: &[(&str, &[Arg<'_>], &str)] = &[
        (
            "encrypt",
            &[Text("AES-CBC"), Bytes(&key), Bytes(&iv), Bytes(&block), none, none],
            "7649abac8119b246cee98e9b12e9197d8964e0b149c10b7b682e6e39aaeb731c",
        ),
        (
            "encrypt",
            &[Text("AES-CTR"), Bytes(&key), Bytes(&counter), Bytes(&block), none, none],
            "874d6191b620e3261bef6864990db6ce",
        ),
        (
            "encrypt",
            &[Text("AES-GCM"), Bytes(&[0; 16]), Bytes(&[0; 12]), Bytes(&[0; 16]), none, Number(128.0)],
            "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
        ),
        (
            "encrypt",
            &[Text("AES-KW"), Bytes(&kek), none, Bytes(&wrapped), none, none],
            "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
        ),
        (
            "PBKDF2",
            &[Text("SHA-1"), Bytes(b"password"), Bytes(b"salt"), Number(2.0), Number(20.0)],
            "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957",
        ),
        (
            "HKDF",
            &[Text("SHA-256"), Bytes(&[0x0b; 22]), Bytes(&salt), Bytes(&info), Number(42.0)],
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
    ];
    for (operation, args, expected) in cases {
        assert!(hex(&bytes(operation, args)).starts_with(expected), "{operation} {:?}", args[0]);
    }
}

#[test]
fn a_tampered_tag_opens_nothing() {
    let seal =
        [Text("AES-GCM"), Bytes(&[7; 32]), Bytes(&[1; 12]), Bytes(b"secret"), Bytes(b"about"), Number(96.0)];
    let mut sealed = bytes("encrypt", &seal);
    let open = |sealed: &[u8]| {
        run(
            "decrypt",
            &[
                Text("AES-GCM"),
                Bytes(&[7; 32]),
                Bytes(&[1; 12]),
                Bytes(sealed),
                Bytes(b"about"),
                Number(96.0),
            ],
        )
    };
    assert_eq!(open(&sealed), Ok(Output::Bytes(b"secret".to_vec())));
    sealed[0] ^= 1;
    assert_eq!(open(&sealed), Err(CryptoError::Operation));
    assert_eq!(open(b"short"), Err(CryptoError::Operation));
}

#[test]
fn signatures_hold_for_their_data_alone() {
    for (scheme, kind, hash) in [
        ("P-256", "P-256", "SHA-256"),
        ("P-384", "P-384", "SHA-1"),
        ("P-521", "P-521", "SHA-256"),
        ("Ed25519", "Ed25519", "SHA-256"),
        ("RSASSA-PKCS1-v1_5", "RSA", "SHA-1"),
        ("RSA-PSS", "RSA", "SHA-512"),
    ] {
        let private = bytes("generate", &[Text(kind), Number(1280.0), Bytes(&[1, 0, 1])]);
        let public = bytes("public", &[Text(kind), Bytes(&private)]);
        let signature =
            bytes("sign", &[Text(scheme), Text(hash), Bytes(&private), Bytes(b"data"), Number(32.0)]);
        let holds = |data: &[u8], signature: &[u8]| {
            let args =
                [Text(scheme), Text(hash), Bytes(&public), Bytes(data), Bytes(signature), Number(32.0)];
            run("verify", &args).unwrap()
        };
        assert_eq!(holds(b"data", &signature), Output::Flag(true), "{scheme}");
        assert_eq!(holds(b"dat4", &signature), Output::Flag(false), "{scheme}");
        assert_eq!(holds(b"data", b"not one"), Output::Flag(false), "{scheme}");
    }
}

#[test]
fn keys_survive_every_format() {
    for kind in ["P-256", "P-384", "P-521", "Ed25519", "RSA"] {
        let private = bytes("generate", &[Text(kind), Number(1024.0), Bytes(&[1, 0, 1])]);
        let public = bytes("public", &[Text(kind), Bytes(&private)]);
        for (format, der) in [("jwk-private", &private), ("jwk-public", &public)] {
            let Ok(Output::Text(jwk)) = run("export", &[Text(kind), Text(format), Bytes(der)]) else {
                panic!("{kind}")
            };
            assert_eq!(&bytes("import", &[Text(kind), Text(format), Text(&jwk)]), der, "{kind} {format}");
        }
        if kind != "RSA" {
            let raw = bytes("export", &[Text(kind), Text("raw"), Bytes(&public)]);
            assert_eq!(bytes("import", &[Text(kind), Text("raw"), Bytes(&raw)]), public, "{kind}");
        }
        assert_eq!(run("import", &[Text(kind), Text("spki"), Bytes(b"no key")]), Err(CryptoError::Data));
    }
}

#[test]
fn both_sides_agree_on_a_secret() {
    let [a, b] = [(); 2].map(|()| bytes("generate", &[Text("P-384")]));
    let [public_a, public_b] = [&a, &b].map(|key| bytes("public", &[Text("P-384"), Bytes(key)]));
    let one = bytes("ECDH", &[Text("P-384"), Bytes(&a), Bytes(&public_b)]);
    assert_eq!(one, bytes("ECDH", &[Text("P-384"), Bytes(&b), Bytes(&public_a)]));
    assert_eq!(one.len(), 48);
}

#[test]
fn errors_name_the_exception_scripts_get() {
    let cases: &[(&str, &[Arg<'_>], &str)] = &[
        ("nothing", &[], "NotSupportedError: Unrecognized operation"),
        ("generate", &[Text("P-1")], "NotSupportedError: Unrecognized namedCurve"),
        (
            "PBKDF2",
            &[Text("MD5"), Absent, Absent, Number(1.0), Number(1.0)],
            "NotSupportedError: Unrecognized algorithm name",
        ),
        (
            "generate",
            &[Text("RSA"), Number(1e9), Absent],
            "OperationError: The operation failed for an operation-specific reason",
        ),
        ("encrypt", &[Text("AES-CBC"), Bytes(b"short")], "DataError: Invalid keyData"),
        ("encrypt", &[], "TypeError: an argument of text is missing"),
    ];
    for (operation, args, expected) in cases {
        assert_eq!(run(operation, args).unwrap_err().to_string(), *expected);
    }
}
