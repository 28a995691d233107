/// Where a backfill sends to: `kafka://TOPIC`, `file:DIR`, `https://…`.
package enum BackfillTarget: Equatable, Sendable {
    /// A topic of the cluster that the settings name.
    case kafka(topic: String)
    /// A directory.
    case file(directory: String, isCompressed: Bool)
    /// An HTTP endpoint.
    case webhook(WebhookAddress)

    /// Reads a target.
    ///
    /// - Parameter current: the directory that others are named from: the same command given elsewhere means another one.
    /// - Throws: ``ExportJobError/Code/requestInvalid``, without what may be a secret.
    package init(_ text: String, isCompressed: Bool = false, from current: String = "/") throws(ExportJobError) {
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
                    "The target \"\(text.prefix(100))\" names no topic, expected kafka://TOPIC; which cluster that is, setting kafka.bootstrap-servers says."
                )
            }
            self = .kafka(topic: topic)
        } else if text.hasPrefix("file:") {
            var directory = String(text.dropFirst("file:".count))
            if directory.hasPrefix("//") { directory = String(directory.dropFirst(2)) }
            guard !directory.isEmpty, !directory.utf8.contains(0) else {
                throw ExportJobError(.requestInvalid, "The target \"\(text)\" names no directory, expected file:DIR.")
            }
            if !directory.hasPrefix("/") { directory = current + (current.hasSuffix("/") ? "" : "/") + directory }
            self = .file(directory: directory, isCompressed: isCompressed)
        } else if text.hasPrefix("https://") || text.hasPrefix("http://") {
            self = .webhook(try WebhookAddress(text))
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
        case .webhook(let address): address.text
        }
    }
}
