import JSON
import SimdJSON

/// `differ SEED CHUNK COUNT`: judges the documents of one chunk by both readers, and prints counts as one line of JSON.
@main
struct Differ {
    private var reader = JSONReader()
    private var counts: [String: Int] = [:]
    private var unexplained: [JSONTree] = []

    static func main() {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == 3 else { preconditionFailure("usage: differ SEED CHUNK COUNT") }
        var differ = Differ()
        var mutation = Mutation(seed: numbers[0] &+ numbers[1] &* 0xD1B5_4A32_D192_ED03)
        for _ in 0..<numbers[2] { differ.compare(mutation.document()) }
        let counts = differ.counts.sorted { $0.key < $1.key }.map { JSONTree.Member(key: $0.key, value: .integer($0.value)) }
        let result = JSONTree.object(["counts": .object(counts), "unexplained": .array(differ.unexplained)])
        print(String(decoding: result.canonicalBytes(), as: UTF8.self))
    }

    private mutating func compare(_ bytes: [UInt8]) {
        let theirs = unsafe bytes.withUnsafeBufferPointer { unsafe simdjson_judge($0.baseAddress, $0.count) }
        let name: String
        do throws(JSONSyntaxError) {
            try reader.read(bytes.rawBytes)
            let document = reader.document(over: bytes.rawBytes)
            if theirs.error != 0 {
                name = explanation(of: document) ?? "unexplained: refused by simdjson only"
            } else if Digest(document).value == theirs.digest {
                name =
                    document.firstDuplicateKey(of: document.root) == nil ? "accepted by both, equal" : "accepted by both, equal, with duplicate keys"
            } else {
                name = "unexplained: read differently"
            }
        } catch {
            name = theirs.error != 0 ? "refused by both" : Self.explanation(of: error) ?? "unexplained: accepted by simdjson only"
        }
        counts[name, default: 0] += 1
        if name.hasPrefix("unexplained"), unexplained.count < 20 {
            let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            unexplained.append(.object(["what": .string(name), "bytes": .string(hexadecimal), "simdjson": .integer(theirs.error)]))
        }
    }

    /// Why simdjson may refuse what is JSON: it makes every number a 64-bit integer or a finite double at once, where RFC 8259 §6 sets no limit.
    private func explanation(of document: borrowing JSONDocument) -> String? {
        var open = [document.root]
        while let node = open.popLast() {
            if document.kind(node) == .number, document.integer(node) == nil {
                let text = document.string(node)
                let isIntegral = !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
                if isIntegral, UInt64(text) == nil { return "refused by simdjson only: an integer beyond 64 bits" }
                if document.double(node) == nil { return "refused by simdjson only: a number beyond the largest double" }
            }
            var element = document.firstElement(of: node)
            while let current = element {
                open.append(current)
                element = document.nextElement(after: current, in: node)
            }
            var member = document.firstMember(of: node)
            while let current = member {
                open.append(current.value)
                member = document.nextMember(after: current, in: node)
            }
        }
        return nil
    }

    /// Why simdjson may accept what the reader refuses.
    private static func explanation(of error: JSONSyntaxError) -> String? {
        switch error.reason {
        case .loneSurrogate: "accepted by simdjson only: half a surrogate pair"  // RFC 8259 §8.2: the grammar has it, no text does
        case .tooDeep: "accepted by simdjson only: deeper than our limit of 512"  // simdjson's own is 1,024
        case .byteOrderMark: "accepted by simdjson only: a byte order mark"  // RFC 8259 §8.1 lets a reader choose
        default: nil
        }
    }
}
