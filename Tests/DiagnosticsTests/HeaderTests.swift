import Diagnostics
import JSON
import Testing

struct HeaderTests {
    private func read(_ bytes: [UInt8]) -> [(name: [UInt8], value: [UInt8]?)] {
        var headers: [(name: [UInt8], value: [UInt8]?)] = []
        var reader = HeaderReader(bytes.rawBytes)
        while let header = reader.next() { headers.append((Array(bytes[header.name]), header.value.map { Array(bytes[$0]) })) }
        let next = reader.next()
        #expect(next == nil, "A walk that has ended stays ended")
        return headers
    }

    private let sample: [UInt8] = {
        var bytes: [UInt8] = []
        HeaderBytes.append(name: "a".rawBytes, value: "one".rawBytes, to: &bytes)
        HeaderBytes.append(name: "".rawBytes, value: "".rawBytes, to: &bytes)
        HeaderBytes.append(name: "a".rawBytes, value: nil, to: &bytes)
        HeaderBytes.append(name: "a".rawBytes, value: [0, 0xFF].rawBytes, to: &bytes)
        return bytes
    }()

    private func firstValue(named name: StaticString, in bytes: [UInt8]) -> Range<Int>? { HeaderReader.value(named: name, in: bytes.rawBytes) }

    @Test func `headers lie as name and value, each after its length`() {
        #expect(
            sample == [
                0, 0, 0, 1, 0x61, 0, 0, 0, 3, 0x6F, 0x6E, 0x65,
                0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 1, 0x61, 0xFF, 0xFF, 0xFF, 0xFF,
                0, 0, 0, 1, 0x61, 0, 0, 0, 2, 0, 0xFF,
            ])
    }

    @Test func `names, values, order and repetition read back, and null is not empty`() {
        let headers = read(sample)
        #expect(headers.map(\.name) == [[0x61], [], [0x61], [0x61]])
        #expect(headers.map(\.value) == [[0x6F, 0x6E, 0x65], [], nil, [0, 0xFF]])
        #expect(read([]).isEmpty)
    }

    @Test func `any number of any headers read back`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            var written: [(name: [UInt8], value: [UInt8]?)] = []
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let name = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                let value = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                if Int.random(in: 0...3, using: &random) == 0 {
                    HeaderBytes.append(name: name.rawBytes, value: nil, to: &bytes)
                    written.append((name, nil))
                } else {
                    HeaderBytes.append(name: name.rawBytes, value: value.rawBytes, to: &bytes)
                    written.append((name, value))
                }
            }
            let headers = read(bytes)
            #expect(headers.map(\.name) == written.map(\.name))
            #expect(headers.map(\.value) == written.map(\.value))
        }
    }

    @Test func `a layout that ends early ends the walk with the last whole header`() {
        let ends = [12, 20, 29, 40]
        for count in 0...sample.count {
            #expect(read(Array(sample.prefix(count))).count == ends.filter { $0 <= count }.count)
        }
    }

    @Test func `lengths that lie do not lead out of the bytes`() {
        for length in [[0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFE], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 2]] as [[UInt8]] {
            #expect(read(length + [0x61]).isEmpty, "as a name's length")
            #expect(read([0, 0, 0, 1, 0x61] + length + [0x61]).count == (length == [0xFF, 0xFF, 0xFF, 0xFF] ? 1 : 0), "as a value's length")
        }
        var random = SeededRandom(seed: 5)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) & 0x83 }
            _ = read(bytes)
        }
    }

    @Test func `of headers with one name the first counts, and none is nil`() {
        #expect(firstValue(named: "a", in: sample) == 9..<12)
        #expect(firstValue(named: "b", in: sample) == nil)
        #expect(firstValue(named: "aa", in: sample) == nil)
        var bytes: [UInt8] = []
        HeaderBytes.append(name: "a".rawBytes, value: nil, to: &bytes)
        HeaderBytes.append(name: "a".rawBytes, value: "later".rawBytes, to: &bytes)
        #expect(firstValue(named: "a", in: bytes) == nil)
    }
}
