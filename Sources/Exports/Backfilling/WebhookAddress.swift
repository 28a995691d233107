/// The address of an HTTP endpoint: `https://HOST[:PORT]/PATH`, with whatever secrets its user, password and query are.
///
/// Its parts are those of RFC 3986 §3, read strictly: what a lenient reader would take for a host or a path may be the rest of a password.
package struct WebhookAddress: Equatable, Sendable, CustomStringConvertible {
    /// All of it, as it is asked for. A secret: never stored, logged or shown.
    let url: String
    /// The address as it may be stored, logged and shown: without user, password, query and fragment.
    package let text: String
    /// User and password; empty where there are none.
    let userInformation: String
    /// What stands behind the question mark; empty where nothing does.
    let query: String
    private let host: String
    private let isEncrypted: Bool

    /// The address without its secrets.
    package var description: String { text }

    /// Whether the address names who asks.
    package var hasUser: Bool { !userInformation.isEmpty }

    /// Whether credentials can be read on the way there.
    package var isOpen: Bool { !isEncrypted && host != "localhost" && host != "[::1]" && !isLoopback }

    /// Reads an address.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid``, without any of the address: what is no address may be all secret.
    package init(_ url: String) throws(ExportJobError) {
        let scheme = url.hasPrefix("https://") ? "https://" : "http://"
        guard url.hasPrefix(scheme), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
            throw Self.refusal(
                "holds blanks, backslashes, control characters or characters outside ASCII", "percent-encode them, and write a host's name in ASCII")
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...]
        guard !tail.contains("@") else {
            throw Self.refusal(
                "has an \"@\" behind its host",
                "percent-encode \"/\", \"?\" and \"#\" in a user or password (%2F, %3F, %23), and an \"@\" elsewhere (%40)")
        }
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let host = Self.host(of: place) else {
            throw Self.refusal("names no host, or a port that is none", "a port is a number from 1 to 65535")
        }
        let path = tail.prefix { $0 != "?" && $0 != "#" }
        let behind = tail[path.endIndex...]
        self.url = url
        self.host = host
        isEncrypted = scheme == "https://"
        userInformation = at.map { String(authority[..<$0]) } ?? ""
        query = behind.first == "?" ? String(behind.dropFirst().prefix { $0 != "#" }) : ""
        text = scheme + place + path + (behind.isEmpty ? "" : "?…")
    }

    // MARK: -

    /// 127.0.0.0/8 (RFC 1122 §3.2.1.3).
    private var isLoopback: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host of `HOST` or `HOST:PORT`; nil where it is none.
    private static func host(of place: Substring) -> String? {
        var port: Substring?
        var host = place
        if let colon = place.lastIndex(of: ":"), place.last != "]" {
            host = place[..<colon]
            port = place[place.index(after: colon)...]
        }
        if let port, !(port.utf8.allSatisfy { (0x30...0x39).contains($0) } && (UInt16(port) ?? 0) > 0) { return nil }
        let isName: Bool
        if host.hasPrefix("["), host.hasSuffix("]") {
            isName = host.count > 2 && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        } else {
            isName = !host.isEmpty && host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
        }
        return isName ? String(host) : nil
    }

    private static func refusal(_ what: String, _ advice: String) -> ExportJobError {
        ExportJobError(
            .requestInvalid,
            "The target's address \(what), expected https://HOST/PATH or https://HOST:PORT/PATH; \(advice). It is not shown, since it may hold secrets."
        )
    }
}
