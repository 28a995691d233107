import CoreMetrics
import Foundation
import Logging
import Testing

@testable import hindcast

/// The numbers that Prometheus fetches.
struct MetricsTests {
    @Test func `series are written with their types, labels and escapes`() {
        let store = MetricStore()
        store.makeCounter(label: "events_total", dimensions: [("topic", "a\"b")]).increment(by: 3)
        store.makeRecorder(label: "sources", dimensions: [], aggregate: false).record(Int64(7))
        let text = PrometheusText.of(store)
        #expect(text.contains("# TYPE events_total counter\nevents_total{topic=\"a\\\"b\"} 3\n"))
        #expect(text.contains("# TYPE sources gauge\nsources 7\n"))
    }

    @Test func `a timer is a histogram in seconds`() {
        let store = MetricStore()
        let timer = store.makeTimer(label: "append_seconds", dimensions: [])
        timer.recordNanoseconds(20_000_000)
        timer.recordNanoseconds(90_000_000_000)
        let text = PrometheusText.of(store)
        #expect(text.contains("append_seconds_bucket{le=\"0.01\"} 0\n"))
        #expect(text.contains("append_seconds_bucket{le=\"0.025\"} 1\n"))
        #expect(text.contains("append_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("append_seconds_sum 90.02\n"))
        #expect(text.contains("append_seconds_count 2\n"))
    }

    @Test func `a series made anew goes on where it was`() {
        let store = MetricStore()
        store.makeCounter(label: "x", dimensions: []).increment(by: 1)
        store.makeCounter(label: "x", dimensions: []).increment(by: 1)
        #expect(PrometheusText.of(store).contains("x 2\n"))
    }

    @Test func `the server answers with the metrics, and with nothing else`() async throws {
        let store = MetricStore()
        store.makeCounter(label: "x", dimensions: []).increment(by: 5)
        let quiet = Logger(label: "quiet", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = try MetricsServer(MetricsArea.Endpoint(address: "127.0.0.1", port: 0), store: store, logger: quiet)
        #expect(try Self.ask("GET /metrics HTTP/1.1", port: server.port).hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(try Self.ask("GET /metrics HTTP/1.1", port: server.port).hasSuffix("\r\n\r\n# TYPE x counter\nx 5\n"))
        #expect(try Self.ask("GET / HTTP/1.1", port: server.port).hasPrefix("HTTP/1.0 404 "))
        #expect(try Self.ask("POST /metrics HTTP/1.1", port: server.port).hasPrefix("HTTP/1.0 405 "))
        await server.close()
    }

    /// One request over a socket; the whole answer.
    private static func ask(_ request: String, port: UInt16) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw FileBytes.Failure(code: errno) }
        FileBytes.write(Array("\(request)\r\nHost: x\r\n\r\n".utf8), to: descriptor)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer.append(contentsOf: chunk[..<count])
        }
    }
}
