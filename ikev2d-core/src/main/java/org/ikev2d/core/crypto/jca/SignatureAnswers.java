package org.ikev2d.core.crypto.jca;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;

/** Known answers of signatures, for {@link SelfTest}: curves sign and verify, RSA verifies. */
final class SignatureAnswers {
    /** "signed octets" in ASCII; key and signatures are OpenSSL 3.0's, made for this. */
    private static final Bytes RSA_TEXT = Bytes.hex("7369676e6564206f6374657473");

    private static final String RSA_KEY =
            "30820122300d06092a864886f70d01010105000382010f003082010a0282010100bdb653860e652bb5208c8797839c9e"
                    + "5217781be4d25bbd3eb021a4f8a361bd6dd9a9354c785f711a699715108708b0704bf26b92abdba1951ae87f30cdfd4c"
                    + "f3da42c9baf9a8d58bde8f8e4d30e1c47f91a325fa66f156e52113001eab2886dc844ea02885d2eb1802b22b69697d0f"
                    + "60d6a73515a9856570842e980eddbe896675c9bc13c15e46b86c9e2f4109e1e6948818c779c792cd2e0d6b4a05168586"
                    + "336d09eebf0166fee1ef8fa408a3f827f22fbdbd389f9a41739993d121fdb5d4935dad963a52baa656bd5b2a63bcff4f"
                    + "f53a1846576a1aaf4455ce58ce890b3d2bfb14c413ef55f72b6e9aca3b2c5a5ac8169bba8311614489d7b1359a806d81"
                    + "bb0203010001";
    private static final String RSA_PKCS1 =
            "25014a80ca5b57219fac18e2c2cb7e2414d0d8886054c3a4e400ee8c1c91ee8700e359980af27ec198e1415ed5f81f73"
                    + "1674980a1f5540c1c77e0ef6f917baf5b7393650ce816456d251b7dd60bc2dadd6606551ccb48337fa9f4dc5132d2cfd"
                    + "a203d1d6b4b70756cf4a87209bf6d0bb41b0a9ff2320502b00f71cc01d245c982e1c6cf77464f183edf37f336b919a40"
                    + "e33699187d39a8318f779b3b62a36d07e860ca05081a254d3745f543b167eed914a6340319fd48506b2ea7e0ff7ceffb"
                    + "296bd6151759056b586c162444ad6ee87195e450727dd793cd5b452858812825a4d1d79cd66068d3b0edb0906837e500"
                    + "c629e1ba939d234302514a335fb7ff8d";
    private static final String RSA_PSS =
            "2911e9527d5e043d20f95555294da24d0da8bc0e88d10280636df48ac797b56ce414ee39da47f5b361f20a677eaa62f7"
                    + "9cfb2e61057b095ed3ee954ff0209ccd48d109a1fcc7d33dfafb760825cd90590e246d5787559f7dbbbb2cee4332312e"
                    + "0eb7a55ecabe2844cac0457650918784b4801bf6abe923c7c94f1b874c8268ea94999f095319f9cd4c89eaa35e293d6a"
                    + "fe3e38f40d5e832ad16f0a4777f62aab1d18c3d68108ba2f13197f7fbad09fc8fbe2ad8ea392ddba8e79fd6fb1b6d58b"
                    + "18b0731add36b097e94af12ec0190227bf4d8bafab11e1aae53d62740e13d217039def2cc5a7e0bb7300b990be28b5d4"
                    + "c2c4724f37e001e0804c885f73f69f2a";

    /** "sample" in ASCII: RFC 6979 §A.2. */
    private static final Bytes SAMPLE = Bytes.hex("73616d706c65");

    private final Algorithms algorithms;

    SignatureAnswers(Algorithms algorithms) {
        this.algorithms = algorithms;
    }

    /** RFC 6979 §A.2.5, §A.2.6, §A.2.7; RFC 8032 §7.1, TEST 2. */
    void all(SelfTest.Expectation expectation) {
        expectation.expect("RSA-SHA2_256", () -> verified(SignatureScheme.RSA_SHA2_256, RSA_PKCS1), RSA_PKCS1);
        expectation.expect("RSA-PSS-SHA2_256", () -> verified(SignatureScheme.RSA_PSS_SHA2_256, RSA_PSS), RSA_PSS);
        expectation.expect(
                "ECDSA-P256",
                () -> signed(
                        SignatureScheme.ECDSA_SHA2_256,
                        "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"
                                + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                        SAMPLE),
                "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
        expectation.expect(
                "ECDSA-P384",
                () -> signed(
                        SignatureScheme.ECDSA_SHA2_384,
                        "304e020100301006072a8648ce3d020106052b81040022043730350201010430"
                                + "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba"
                                + "9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
                        SAMPLE),
                "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80"
                        + "fabe4602310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e67"
                        + "9e7b82c71a38628ac8");
        expectation.expect(
                "ECDSA-P521",
                () -> signed(
                        SignatureScheme.ECDSA_SHA2_512,
                        "3060020100301006072a8648ce3d020106052b81040023044930470201010442"
                                + "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75"
                                + "caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
                        SAMPLE),
                "308187024200c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add"
                        + "152b534931d7d4e8455cc91f9b15bf05ec36e377fa0241617cce7cf5064806c467f678d3b4080d6f1cc50af26c"
                        + "a209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a");
        expectation.expect(
                "ED25519",
                () -> signed(
                        SignatureScheme.ED25519,
                        "302e020100300506032b657004220420"
                                + "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                        Bytes.hex("72")),
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    }

    /** The signature, if it verifies. */
    private Bytes verified(SignatureScheme scheme, String signature) throws UnusableKeyException {
        return verified(PublicKeys.parse(Bytes.hex(RSA_KEY)), scheme, RSA_TEXT, Bytes.hex(signature));
    }

    private Bytes signed(SignatureScheme scheme, String key, Bytes text) throws UnusableKeyException {
        try (SigningKey signer = StoredKey.of(Secret.of(Bytes.hex(key)), new SystemEntropy())) {
            return verified(signer.publicKey(), scheme, text, signer.sign(scheme, text));
        }
    }

    /** Only over these octets. */
    private Bytes verified(PublicKey key, SignatureScheme scheme, Bytes text, Bytes signature) {
        boolean right = algorithms.verify(key, scheme, text, signature)
                && !algorithms.verify(key, scheme, Bytes.concat(text, text), signature);
        return right ? signature : Bytes.empty();
    }
}
