import Glibc
import Synchronization
import Threading

/// An HTTP/1.1 endpoint on this machine that answers by a script, one request at a time, and remembers what it was asked.
package final class ScriptedEndpoint: Sendable {
    /// What the endpoint does with one request.
    package enum Act: Sendable {
        /// Answers, and keeps the connection.
        case answer(Int, headers: [String] = [], body: String = "")
        /// Answers with what it was asked: the request's target and its headers, as careless endpoints do in their errors.
        case echo(Int)
        /// Closes the connection without a word.
        case close
        /// Never answers; waits until the caller goes.
        case silence
        /// Answers with a body that never ends.
        case endless(Int)
        /// Sends a text that need be no HTTP, and closes the connection.
        case text(String)
        /// Announces a longer body than it sends, and closes the connection.
        case cut(Int)
    }

    /// A request as it came.
    package struct Request: Sendable {
        package let method: String
        package let target: String
        /// Names in lower case.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The value of a header; nil where it is not there, or more than once.
        package subscript(_ name: String) -> String? {
            let values = headers.filter { $0.name == name }
            return values.count == 1 ? values[0].value : nil
        }
    }

    private struct State {
        var script: [Act]
        let otherwise: Act
        var requests: [Request] = []

        mutating func take(_ request: Request) -> Act {
            requests.append(request)
            return script.isEmpty ? otherwise : script.removeFirst()
        }
    }

    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ state: State) { self.state = Mutex(state) }
    }

    /// Where it listens.
    package let port: UInt16
    private let shared: Shared
    private let loop: ThreadLoop

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - script: what becomes of the first requests, in turn.
    ///   - otherwise: what becomes of all others.
    package init(_ script: [Act] = [], otherwise: Act = .answer(204)) throws {
        let (listener, port) = try Self.listen()
        let shared = Shared(State(script: script, otherwise: otherwise))
        self.port = port
        self.shared = shared
        loop = ThreadLoop(name: "endpoint") { stop in
            while Self.isReadable(listener, stop) {
                let caller = accept(listener, nil, nil)
                guard caller >= 0 else { continue }
                _ = fcntl(caller, F_SETFD, FD_CLOEXEC)
                Connection(caller, stop).serve { request in shared.state.withLock { $0.take(request) } }
                close(caller)
            }
            close(listener)
        }
        loop.start()
    }

    deinit { loop.requestStop() }

    /// What it was asked so far.
    package var requests: [Request] { shared.state.withLock { $0.requests } }

    /// Forgets what it was asked, and follows another script.
    package func begin(_ script: [Act]) {
        shared.state.withLock {
            $0.requests = []
            $0.script = script
        }
    }

    /// A port of this machine on which nobody listens.
    package static func unusedPort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    // MARK: -

    private static func listen() throws -> (listener: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length) == 0 && Glibc.listen(listener, 16) == 0 && getsockname(listener, address, &length) == 0
            }
        }
        guard isListening else {
            let reason = unsafe String(cString: strerror(errno))
            close(listener)
            throw CannotListen(description: "no port of 127.0.0.1 can be listened on: \(reason)")
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// Waits until there is something to read, or the end; says whether there is something to read.
    private static func isReadable(_ descriptor: Int32, _ stop: borrowing StopSignal) -> Bool {
        var waits = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop.fileDescriptor, events: Int16(POLLIN), revents: 0)]
        while true {
            let count = unsafe poll(&waits, 2, -1)
            if count > 0 { return waits[1].revents == 0 }
            if count < 0, errno != EINTR { return false }
        }
    }

    /// One caller.
    private struct Connection: ~Copyable {
        let descriptor: Int32
        let stop: StopSignal
        var buffer: [UInt8] = []

        init(_ descriptor: Int32, _ stop: borrowing StopSignal) {
            self.descriptor = descriptor
            self.stop = copy stop
        }

        /// Reads and answers until the caller goes or the script ends the connection.
        consuming func serve(_ act: (Request) -> Act) {
            while let request = read() {
                switch act(request) {
                case .answer(let status, let headers, let body): write(Self.head(status, headers, body.utf8.count) + body)
                case .echo(let status):
                    let body = "cannot take \(request.target)\n" + request.headers.map { "\($0.name): \($0.value)\n" }.joined()
                    write(Self.head(status, [], body.utf8.count) + body)
                case .close: return
                case .silence:
                    while fill() {}
                    return
                case .endless(let status):
                    write("HTTP/1.1 \(status) X\r\n\r\n")
                    let part = String(repeating: "all work and no play ", count: 1000)
                    while !stop.isRequested, write(part) {}
                    return
                case .text(let text):
                    write(text)
                    return
                case .cut(let status):
                    write(Self.head(status, [], 100) + "cut")
                    return
                }
            }
        }

        private static func head(_ status: Int, _ headers: [String], _ length: Int) -> String {
            // What has no body by its status has no length either (RFC 9110 §8.6).
            let lengths = status == 204 ? [] : ["Content-Length: \(length)"]
            return (["HTTP/1.1 \(status) X"] + headers + lengths).joined(separator: "\r\n") + "\r\n\r\n"
        }

        /// The next request; nil where the caller goes before it is whole.
        private mutating func read() -> Request? {
            var end: Int?
            while true {
                end = buffer.indices.first { buffer[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }
                if end != nil { break }
                guard fill() else { return nil }
            }
            guard let end else { return nil }
            let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
            let words = lines.first?.split(separator: " ") ?? []
            guard words.count == 3 else { return nil }
            let headers = lines.dropFirst().map { line -> (name: String, value: String) in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (parts[0].lowercased(), String((parts.count > 1 ? parts[1] : "").drop { $0 == " " }))
            }
            let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
            while buffer.count < end + 4 + length { guard fill() else { return nil } }
            let body = Array(buffer[(end + 4)..<(end + 4 + length)])
            buffer.removeSubrange(..<(end + 4 + length))
            return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
        }

        /// Waits for more; false where the caller is gone or the test is over.
        private mutating func fill() -> Bool {
            guard ScriptedEndpoint.isReadable(descriptor, stop) else { return false }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return false }
            buffer += chunk[..<count]
            return true
        }

        @discardableResult
        private func write(_ text: String) -> Bool {
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return false }
                bytes = bytes.dropFirst(count)
            }
            return true
        }
    }
}

/// No port can be had.
private struct CannotListen: Error, CustomStringConvertible {
    let description: String
}
