/// What became of one HTTP request.
package enum HTTPAnswer: Equatable, Sendable {
    /// An answer's status, how long it asks to be left alone, what it says, and where it would have the request go.
    case status(Int, retryAfter: Duration? = nil, body: HTTPExcerpt = HTTPExcerpt(), location: String? = nil)
    /// No answer, why, and whether that stays so.
    case failed(String, isLasting: Bool = false)

    /// What to do next.
    package enum Step: Equatable, Sendable {
        /// It was taken.
        case done
        /// Try again, no sooner than this.
        case retry(after: Duration?)
        /// Trying again would change nothing.
        case stop
    }

    /// 2xx is done; no answer, 408, 425, 429 and 5xx may pass; everything else, redirections too, stays as it is.
    package var step: Step {
        switch self {
        case .status(200..<300, _, _, _): .done
        case .status(408, let wait, _, _), .status(425, let wait, _, _), .status(429, let wait, _, _), .status(500..., let wait, _, _):
            .retry(after: wait)
        case .status, .failed(_, isLasting: true): .stop
        case .failed: .retry(after: nil)
        }
    }

    /// For errors: `answered 503`.
    package var text: String {
        switch self {
        case .status(let status, _, _, _): "answered \(status)"
        case .failed(let reason, _): "did not answer (\(reason))"
        }
    }
}

/// The beginning of an answer's body: whoever answers may have much to say.
package struct HTTPExcerpt: Equatable, Sendable {
    /// How many bytes are kept.
    package static let limit = 16 << 10

    /// The bytes.
    package private(set) var bytes: [UInt8] = []
    /// Whether there were more.
    package private(set) var isCut = false

    /// Nothing yet.
    package init() {}

    /// A text.
    package init(_ text: String) { append(Array(text.utf8)[...]) }

    /// Takes what there is room for.
    mutating func append(_ more: ArraySlice<UInt8>) {
        let part = more.prefix(Self.limit - bytes.count)
        bytes += part
        if part.count < more.count { isCut = true }
    }
}
