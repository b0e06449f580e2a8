//! Vectors of the RFCs, of AWS, of Hawk and of Akamai: none of them Postman's.

use super::*;

/// RFC 2617 §3.5, RFC 2069 §2.4 (as corrected by its erratum), RFC 7616 §3.9.1.
#[test]
fn digests_of_the_rfcs() {
    let mufasa = |password: &str, more: Value| {
        let mut params = json!({"username": "Mufasa", "password": password});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        get("http://www.nowhere.org/dir/index.html").sign("digest", params)
    };
    let host = json!({"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093"});
    let counted = json!({"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "qop": "auth",
        "clientNonce": "0a4f113b", "nonceCount": "00000001"});
    let http = |algorithm: &str| {
        json!({"realm": "http-auth@example.org", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            "qop": "auth", "clientNonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "nonceCount": "00000001",
            "algorithm": algorithm})
    };
    for (signed, response) in [
        (mufasa("CircleOfLife", host), "1949323746fe6a43ef61f9606e7febea"),
        (mufasa("Circle Of Life", counted), "6629fae49393a05397450978507c4ef1"),
        (mufasa("Circle of Life", http("MD5")), "8ca523f5e9506fed4657c9700eebdbec"),
        (
            mufasa("Circle of Life", http("SHA-256")),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        assert!(
            signed.authorization().contains(&format!("response=\"{response}\"")),
            "{}",
            signed.authorization()
        );
    }
}

/// RFC 5849 §1.2 and §3.4.1.1.
#[test]
fn signatures_of_oauth_1() {
    let photos = json!({"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44",
        "token": "nnch734d00sl2jdk", "tokenSecret": "pfkkdhi9sl3r4s00", "signatureMethod": "HMAC-SHA1",
        "timestamp": "137131202", "nonce": "chapoH", "realm": "Photos", "addParamsToHeader": true});
    let signed =
        get("http://photos.example.net/photos?file=vacation.jpg&size=original").sign("oauth1", photos);
    assert_eq!(
        signed.authorization(),
        "OAuth realm=\"Photos\",oauth_consumer_key=\"dpf43f3p2l4k3l03\",oauth_token=\"nnch734d00sl2jdk\",\
         oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"137131202\",oauth_nonce=\"chapoH\",\
         oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\""
    );
    let initiate = json!({"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44",
        "signatureMethod": "HMAC-SHA1", "timestamp": "137131200", "nonce": "wIjqoxSzaAcoJ", "addParamsToHeader": true,
        "callback": "http://printer.example.com/ready"});
    let signed = post("https://photos.example.net/initiate", "").sign("oauth1", initiate);
    assert!(signed.authorization().contains("oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\""));
}

/// The suite AWS publishes (`get-vanilla` …): the cases without a body, whose hash Postman sends along and signs, and
/// without escapes in the path, which the suite, unlike AWS's services, wants encoded once only.
#[test]
fn signatures_of_aws() {
    let params = json!({"accessKey": "AKIDEXAMPLE", "secretKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "service": "service"});
    let host = "https://example.amazonaws.com";
    for (case, method, target, headers, signature) in [
        (
            "get-vanilla",
            "GET",
            "/",
            &[][..],
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "post-vanilla",
            "POST",
            "/",
            &[],
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            "get-vanilla-query-order-key-case",
            "GET",
            "/?Param2=value2&Param1=value1",
            &[],
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "get-relative",
            "GET",
            "/example/..",
            &[],
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "get-unreserved",
            "GET",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            &[],
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        (
            "get-slashes",
            "GET",
            "//example//",
            &[],
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
        ),
        (
            "get-header-value-trim",
            "GET",
            "/",
            &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
    ] {
        let mut request = get(&format!("{host}{target}"));
        request.request.method = method.into();
        for (key, value) in headers {
            request = request.header(key, value);
        }
        let signed = request.sign("awsv4", params.clone());
        assert_eq!(signed.authorization().split("Signature=").nth(1), Some(signature), "{case}");
        assert_eq!(signed.request.headers.get("x-amz-date"), Some("20150830T123600Z"));
    }
}

/// From the documentation of IAM and of S3's pre-signed URLs.
#[test]
fn signatures_of_aws_services() {
    let params = json!({"accessKey": "AKIDEXAMPLE", "secretKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "service": "iam"});
    let signed = get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
        .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .sign("awsv4", params);
    assert_eq!(
        signed.authorization(),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date, \
         Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    );
    let params = json!({"accessKey": "AKIAIOSFODNN7EXAMPLE", "secretKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "service": "s3", "addAuthDataToQuery": true});
    let url = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Date=20130524T000000Z";
    assert_eq!(
        get(url).sign("awsv4", params).target(),
        "/test.txt?X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
         X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-SignedHeaders=host&\
         X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// From Hawk's own documentation.
#[test]
fn macs_of_hawk() {
    let params = json!({"authId": "dh37fgj492je", "authKey": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn",
        "algorithm": "sha256", "nonce": "j4h3g2", "timestamp": "1353832234", "extraData": "some-app-ext-data",
        "includePayloadHash": true});
    let url = "http://example.com:8000/resource/1?b=1&a=2";
    let signed = get(url).sign("hawk", params.clone());
    assert!(signed.authorization().ends_with("mac=\"6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=\""));
    let signed =
        post(url, "Thank you for flying Hawk").header("Content-Type", "text/plain").sign("hawk", params);
    assert!(
        signed.authorization().contains("hash=\"Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=\""),
        "{}",
        signed.authorization()
    );
    assert!(signed.authorization().ends_with("mac=\"aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw=\""));
}

/// `simple GET` of Akamai's test data.
#[test]
fn signatures_of_edgegrid() {
    let params = json!({"accessToken": "akab-access-token-xxx-xxxxxxxxxxxxxxxx",
        "clientToken": "akab-client-token-xxx-xxxxxxxxxxxxxxxx",
        "clientSecret": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=", "nonce": "nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "timestamp": "20140321T19:34:21+0000"});
    let signed =
        get("https://akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net/").sign("edgegrid", params);
    assert!(
        signed.authorization().ends_with("signature=tL+y4hxyHxgWVD30X3pWnGKHcPzmrIF+LThiAOhMxYU="),
        "{}",
        signed.authorization()
    );
}
