import Glibc
import Logging
import Threading

/// Answers `GET /metrics` over HTTP/1.0, one request at a time on a thread of its own: enough for the one who fetches them, and no more.
final class MetricsServer: Sendable {
    private let loop: ThreadLoop
    /// The port that is listened on; the system's choice where 0 was asked for.
    let port: UInt16

    /// Listens at once.
    ///
    /// - Throws: ``OperatorError`` where the address cannot be listened on.
    init(_ endpoint: MetricsArea.Endpoint, store: MetricStore, logger: Logger) throws(OperatorError) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var one: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        let isAddress = unsafe inet_pton(AF_INET, endpoint.address, &address.sin_addr) == 1
        let isBound = unsafe isAddress && Self.withAddress(&address) { unsafe bind(listener, $0, $1) } == 0 && listen(listener, 16) == 0
        guard listener >= 0, isBound else {
            let reason = unsafe String(cString: strerror(errno))
            Glibc.close(listener)
            throw OperatorError(
                .usage, "Cannot listen on \(endpoint.address):\(endpoint.port) for metrics: \(reason). Set metrics.listen to a free port.")
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe Self.withAddress(&address) { pointer, _ in unsafe getsockname(listener, pointer, &length) }
        port = UInt16(bigEndian: address.sin_port)
        loop = ThreadLoop(name: "metrics") { stop in
            while !stop.isRequested { Self.serve(listener, store, stop) }
            Glibc.close(listener)
        }
        loop.start()
        logger.info("Listening for metrics", metadata: ["metrics.url": "http://\(endpoint.address):\(port)/metrics"])
    }

    /// Stops listening and waits for the thread.
    func close() async {
        loop.requestStop()
        _ = await loop.join(deadline: .now + .seconds(5))
    }

    // MARK: -

    private static func withAddress<T>(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> T) -> T {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    /// Waits for a caller or the end, and answers.
    private static func serve(_ listener: Int32, _ store: MetricStore, _ stop: borrowing StopSignal) {
        var waits = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0), pollfd(fd: stop.fileDescriptor, events: Int16(POLLIN), revents: 0)]
        guard unsafe poll(&waits, 2, -1) > 0, waits[0].revents != 0 else { return }
        let caller = accept(listener, nil, nil)
        guard caller >= 0 else { return }
        _ = fcntl(caller, F_SETFD, FD_CLOEXEC)
        defer { Glibc.close(caller) }
        // A caller who says nothing must not keep the next one waiting.
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(caller, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard let request = request(from: caller) else { return }
        FileBytes.write(Array(answer(request, store).utf8), to: caller)
    }

    /// The request's first line, after all of its head was read; nil where it never ends.
    private static func request(from caller: Int32) -> String? {
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1024)
        while head.count < 8192 {
            let count = unsafe read(caller, &chunk, chunk.count)
            guard count > 0 else { return nil }
            head.append(contentsOf: chunk[..<count])
            let text = String(decoding: head, as: UTF8.self)
            if text.contains("\r\n\r\n") || text.contains("\n\n") { return text.split(whereSeparator: \.isNewline).first.map(String.init) }
        }
        return nil
    }

    private static func answer(_ request: String, _ store: MetricStore) -> String {
        let words = request.split(separator: " ")
        guard words.count >= 2, words[0] == "GET" || words[0] == "HEAD" else { return head("405 Method Not Allowed", 0, "text/plain") }
        let path = words[1].prefix { $0 != "?" }
        guard path == "/metrics" else { return head("404 Not Found", 0, "text/plain") }
        let body = PrometheusText.of(store)
        return head("200 OK", body.utf8.count, PrometheusText.contentType) + (words[0] == "GET" ? body : "")
    }

    private static func head(_ status: String, _ length: Int, _ type: String) -> String {
        "HTTP/1.0 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n"
    }
}
