import CLibCurl
import Glibc

/// Posts to one address over a connection that stays open. Owned by one thread.
@safe package final class HTTPClient {
    private static let isStarted: Bool = hindcast_curl_start() == CURLE_OK

    private let handle: UnsafeMutableRawPointer
    private let isLocal: Bool

    /// Prepares requests to an address.
    ///
    /// - Parameter timeout: how long a request may take, to connect and altogether.
    /// - Throws: ``OutboundError`` where libcurl does not start, or is too old.
    package init(url: String, timeout: Duration) throws(OutboundError) {
        guard Self.isStarted, let handle = unsafe curl_easy_init() else {
            throw OutboundError(message: "Cannot send: libcurl does not start here.")
        }
        unsafe self.handle = handle
        isLocal = url.hasPrefix("http://")
        let milliseconds = Int(timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000)
        var codes: [CURLcode] = []
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_URL, url))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_POST, 1))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_NOSIGNAL, 1))
        // A redirection would take the events, and the credentials, to where nobody asked for.
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds))
        codes.append(unsafe hindcast_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds))
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, isLocal ? "http" : "https"))
        codes.append(unsafe hindcast_curl_set_text(handle, CURLOPT_USERAGENT, "hindcast"))
        // What an endpoint says of a message it took is of no interest, and may be long.
        codes.append(unsafe hindcast_curl_set_write(handle, { _, size, count, _ in size * count }, nil))
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            throw OutboundError(message: "Cannot send: this libcurl refuses an option that is needed, expected 7.85 or later.")
        }
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Posts a body and waits for the answer.
    ///
    /// - Parameter headers: lines `name: value`; lines with breaks in them are not sent.
    package func post(_ body: ArraySlice<UInt8>, headers: [String]) -> HTTPAnswer {
        var list: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(list) }
        // No wait for "100 Continue" before larger bodies.
        for header in headers + ["Expect:"] where !header.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            guard let longer = unsafe curl_slist_append(list, header) else { return .failed("no memory for headers") }
            unsafe list = longer
        }
        unsafe _ = hindcast_curl_set_headers(handle, list)
        defer { unsafe _ = hindcast_curl_set_headers(handle, nil) }
        let code = unsafe body.withUnsafeBytes { bytes in
            unsafe _ = hindcast_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            unsafe _ = hindcast_curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return unsafe curl_easy_perform(handle)
        }
        guard code == CURLE_OK else { return .failed(unsafe String(cString: curl_easy_strerror(code))) }
        var status = 0
        unsafe _ = hindcast_curl_status(handle, &status)
        var wait: curl_off_t = 0
        unsafe _ = hindcast_curl_retry_after(handle, &wait)
        return .status(status, retryAfter: wait > 0 ? .seconds(min(wait, 3600)) : nil)
    }
}
