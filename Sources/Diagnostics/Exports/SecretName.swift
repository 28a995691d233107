/// Which names announce a secret.
enum SecretName {
    /// Whether what stands under this name is a secret, or may be one.
    static func isSecret(_ name: String) -> Bool {
        let name = normalized(name)
        if plain.contains(name) { return false }
        return whole.contains(name) || name.hasSuffix("key") || parts.contains { name.contains($0) }
    }

    /// The name's ASCII letters and digits in lower case: `Shared-Access_Key` and `sharedAccessKey` are one.
    static func normalized(_ name: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            if (0x41...0x5A).contains(byte) { bytes.append(byte | 0x20) }
            if (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Names that hold the words below and are none.
    private static let plain: Set<String> = ["sharedaccesskeyname", "tokenurl", "tokenuri", "tokenendpoint", "partitionkey"]
    private static let whole: Set<String> = ["sas", "sig", "code", "pin", "auth", "authorization", "proxyauthorization", "pass", "se", "skn"]
    private static let parts = [
        "secret", "password", "passwd", "passphrase", "pwd", "token", "apikey", "accesskey", "accountkey", "sharedaccess", "signature", "credential",
        "privatekey", "bearer", "cookie", "certificate", "assertion", "connectionstring", "sastoken", "sasur",
    ]
}
