/// What became of one HTTP request.
package enum HTTPAnswer: Equatable, Sendable {
    /// An answer's status, and how long it asks to be left alone.
    case status(Int, retryAfter: Duration? = nil)
    /// No answer, and why.
    case failed(String)

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
        case .status(200..<300, _): .done
        case .status(408, let wait), .status(425, let wait), .status(429, let wait), .status(500..., let wait): .retry(after: wait)
        case .status: .stop
        case .failed: .retry(after: nil)
        }
    }

    /// For errors: `answered 503`.
    package var text: String {
        switch self {
        case .status(let status, _): "answered \(status)"
        case .failed(let reason): "did not answer (\(reason))"
        }
    }
}
