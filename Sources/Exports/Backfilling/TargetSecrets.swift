import Foundation

/// What of a webhook's address and credentials is secret, and texts without it: an endpoint that refuses may well say what it was asked with.
struct TargetSecrets: Sendable {
    /// Shorter pieces than this are in many a text by chance, and no secret.
    private static let shortest = 4

    /// As bytes in lower case, the longest first: one may hold another.
    private let words: [[UInt8]]

    init(_ address: WebhookAddress, authorization: String?) {
        var words: Set<[UInt8]> = []
        func add(_ text: some StringProtocol, shortest: Int = Self.shortest) {
            for bytes in [Array(text.utf8), Self.decoded(text)] where bytes.count >= max(shortest, 1) { words.insert(bytes.map(Self.lowered)) }
        }
        add(address.query, shortest: 1)
        for part in address.query.split(separator: "&") {
            if let equals = part.firstIndex(of: "=") { add(part[part.index(after: equals)...]) } else { add(part) }
        }
        add(address.userInformation, shortest: 1)
        if let colon = address.userInformation.firstIndex(of: ":") {
            add(address.userInformation[..<colon])
            add(address.userInformation[address.userInformation.index(after: colon)...], shortest: 1)
        }
        if address.hasUser {
            let sent = address.userInformation.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { Self.decoded($0) }
            // As RFC 7617 §2 has them travel.
            add(Data(sent.joined(separator: [0x3A]) + (sent.count == 1 ? [0x3A] : [])).base64EncodedString())
        }
        if let authorization {
            add(authorization, shortest: 1)
            for part in authorization.split(separator: " ").dropFirst() { add(part) }
        }
        self.words = words.sorted { ($0.count, $0.first ?? 0) > ($1.count, $1.first ?? 0) }
    }

    /// The beginning of an answer on one line, without secrets.
    func told(_ excerpt: [UInt8], isCut: Bool, limit: Int = 200) -> String {
        var text = masked(excerpt)
        // The first half of a secret may be left where the rest was not read.
        if isCut { text.removeLast(min(text.count, (words.first?.count ?? 1) - 1)) }
        let line = String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + "…" : line
    }

    /// A text without secrets.
    func masked(_ text: String) -> String { String(decoding: masked(Array(text.utf8)), as: UTF8.self) }

    // MARK: -

    private func masked(_ bytes: [UInt8]) -> [UInt8] {
        let lowered = bytes.map(Self.lowered)
        var masked: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if let word = words.first(where: { lowered[place...].starts(with: $0) }) {
                masked += Array("*****".utf8)
                place += word.count
            } else {
                masked.append(bytes[place])
                place += 1
            }
        }
        return masked
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    /// Percent-decoded (RFC 3986 §2.1).
    private static func decoded(_ text: some StringProtocol) -> [UInt8] {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == 0x25, place + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                place += 3
            } else {
                decoded.append(bytes[place])
                place += 1
            }
        }
        return decoded
    }
}
