/// Where a backfill sends to: `kafka://TOPIC`, `file:DIR`, `https://…`.
package enum BackfillTarget: Equatable, Sendable {
    /// A topic of the cluster that the settings name.
    case kafka(topic: String)
    /// A directory.
    case file(directory: String, isCompressed: Bool)
    /// An HTTP endpoint, with whatever secrets its address holds.
    case webhook(url: String)

    /// Reads a target.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid``, without what may be a secret.
    package init(_ text: String, isCompressed: Bool = false) throws(ExportJobError) {
        if text.hasPrefix("kafka://") {
            let topic = String(text.dropFirst("kafka://".count))
            let isName =
                (1...249).contains(topic.utf8.count) && topic != "." && topic != ".."
                && topic.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "._-".utf8.contains($0)
                }
            guard isName else {
                throw ExportJobError(
                    .requestInvalid,
                    "The target \"\(Self.masked(text))\" names no topic, expected kafka://TOPIC; which cluster that is, setting kafka.bootstrap-servers says."
                )
            }
            self = .kafka(topic: topic)
        } else if text.hasPrefix("file:") {
            var directory = String(text.dropFirst("file:".count))
            if directory.hasPrefix("//") { directory = String(directory.dropFirst(2)) }
            guard !directory.isEmpty, !directory.utf8.contains(0) else {
                throw ExportJobError(.requestInvalid, "The target \"\(text)\" names no directory, expected file:DIR.")
            }
            self = .file(directory: directory, isCompressed: isCompressed)
        } else if text.hasPrefix("https://") || text.hasPrefix("http://") {
            let host = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last?.prefix { $0 != "/" && $0 != "?" } ?? ""
            guard !host.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw ExportJobError(.requestInvalid, "The target \"\(Self.masked(text))\" names no host, expected https://HOST/PATH.")
            }
            self = .webhook(url: text)
        } else {
            let scheme = text.prefix { $0 != ":" }
            throw ExportJobError(
                .requestInvalid, "The target begins with \"\(scheme.prefix(20))\", expected kafka://TOPIC, file:DIR or https://HOST/PATH.")
        }
        if case .file = self { return }
        if isCompressed { throw ExportJobError(.requestInvalid, "Only files are compressed; leave --compress out, or send into file:DIR.") }
    }

    /// The target as it may be stored, logged and shown: an address without user, password, query and fragment.
    package var text: String {
        switch self {
        case .kafka(let topic): "kafka://\(topic)"
        case .file(let directory, let isCompressed): "file:\(directory)\(isCompressed ? " (gzip)" : "")"
        case .webhook(let url): Self.masked(url)
        }
    }

    private static func masked(_ url: String) -> String {
        guard let colon = url.range(of: "://") else { return String(url.prefix { $0 != "?" && $0 != "#" }) }
        var rest = url[colon.upperBound...]
        let hasMore = rest.contains { $0 == "?" || $0 == "#" }
        rest = rest.prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return url[..<colon.upperBound] + host + rest[authority.endIndex...] + (hasMore ? "?…" : "")
    }
}

extension String {
    /// Where a text begins in this one; ASCII.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
