import CLibCurl
import Glibc

/// Posts to one address over a connection that stays open. Owned by one thread.
@safe package final class HTTPClient {
    private static let isStarted: Bool = hindcast_curl_start() == CURLE_OK

    /// How much of an answer is read before the connection is given up: what an endpoint says of a message is of interest where it refuses it, and then the
    /// beginning of it.
    private static let answerLimit = 256 << 10
    /// Failures that another try would meet again: no such protocol, an address that is none, a certificate that is not trusted.
    private static let lastingFailures: [CURLcode] = [
        CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
    ]

    private let handle: UnsafeMutableRawPointer
    private let body = AnswerBody()

    /// Prepares requests to an address.
    ///
    /// - Parameter timeout: how long a request may take, to connect and altogether.
    /// - Throws: ``OutboundError`` where libcurl does not start, or is too old.
    package init(url: String, timeout: Duration) throws(OutboundError) {
        guard Self.isStarted, let handle = unsafe curl_easy_init() else {
            throw OutboundError(message: "Cannot send: libcurl does not start here.")
        }
        unsafe self.handle = handle
        let milliseconds = Int(timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000)
        var codes: [CURLcode] = []
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_URL, url))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_POST, 1))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_NOSIGNAL, 1))
        // A redirection would take the events, and the credentials, to where nobody asked for.
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds))
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, url.hasPrefix("http://") ? "http" : "https"))
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_USERAGENT, "hindcast"))
        codes.append(unsafe hindcast_curl_set_write(handle, receive, Unmanaged.passUnretained(body).toOpaque()))
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            throw OutboundError(message: "Cannot send: this libcurl refuses an option that is needed, expected 7.85 or later.")
        }
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Posts a body and waits for the answer.
    ///
    /// - Parameter headers: lines `name: value`; lines with breaks in them are not sent.
    package func post(_ content: ArraySlice<UInt8>, headers: [String]) -> HTTPAnswer {
        var list: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(list) }
        // No wait for "100 Continue" before larger bodies.
        for header in headers + ["Expect:"] where !header.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            guard let longer = unsafe curl_slist_append(list, header) else { return .failed("no memory for headers") }
            unsafe list = longer
        }
        body.begin(limit: Self.answerLimit)
        unsafe _ = hindcast_curl_set_headers(handle, list)
        defer { unsafe _ = hindcast_curl_set_headers(handle, nil) }
        let code = unsafe content.withUnsafeBytes { bytes in
            unsafe _ = hindcast_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            unsafe _ = hindcast_curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return unsafe curl_easy_perform(handle)
        }
        // Who goes on and on has answered: the status was there before.
        guard code == CURLE_OK || code == CURLE_WRITE_ERROR && body.isOverfull else {
            return .failed(unsafe String(cString: curl_easy_strerror(code)), isLasting: Self.lastingFailures.contains(code))
        }
        var status = 0
        unsafe _ = hindcast_curl_status(handle, &status)
        var wait: curl_off_t = 0
        unsafe _ = hindcast_curl_retry_after(handle, &wait)
        var location: UnsafeMutablePointer<CChar>?
        unsafe _ = hindcast_curl_redirection(handle, &location)
        return .status(
            status, retryAfter: wait > 0 ? .seconds(min(wait, 3600)) : nil, body: body.excerpt,
            location: unsafe location.map { unsafe String(cString: $0) })
    }
}

/// What an endpoint answers, as it comes. Used by the thread that asks, while it asks.
private final class AnswerBody {
    private(set) var excerpt = HTTPExcerpt()
    private var rest = 0
    /// Whether there was more than is read.
    private(set) var isOverfull = false

    func begin(limit: Int) {
        excerpt = HTTPExcerpt()
        rest = limit
        isOverfull = false
    }

    /// Whether more is wanted.
    func take(_ bytes: ArraySlice<UInt8>) -> Bool {
        excerpt.append(bytes)
        rest -= bytes.count
        isOverfull = rest < 0
        return !isOverfull
    }
}

/// libcurl's way to hand out a part of an answer; another count than it gave ends the request.
private func receive(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let body = unsafe Unmanaged<AnswerBody>.fromOpaque(context).takeUnretainedValue()
    let part = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return body.take(part[...]) ? part.count : 0
}
