import Diagnostics
import JSON

/// What `hindcast error-codes` prints.
struct ErrorCodesReport {
    let codes: [ErrorCode]
    /// The code that was asked for; nil for all.
    let asked: String?

    /// Whether what was asked for means more than one thing.
    private var isAmbiguous: Bool { asked != nil && codes.count > 1 }

    /// A line for each code.
    func table(_ palette: Palette) -> [String] {
        var table = TextTable(("CODE", .left), ("STATUS", .right), ("NAME", .left), ("MEANING", .left))
        for code in codes { table.add(code.label, "\(code.status)", code.name, code.meaning) }
        return table.lines(palette)
    }

    /// Everything that is known of each code.
    var text: [String] {
        var lines: [String] = []
        if isAmbiguous, let asked, let first = codes.first {
            lines = ["\"\(asked)\" is ambiguous, it means \(codes.count) things; say which, as in \(first.label).", ""]
        }
        for code in codes {
            lines += ["\(code.label) (status \(code.status), \(code.name))", "", "  \(code.meaning)", "", "  What to do: \(code.action)"]
            if !code.cause.isEmpty { lines.append("  Cause:      \(code.cause)") }
        }
        return lines
    }

    /// The same, each as an object on one line.
    var json: [String] {
        codes.map { code in
            JSONTree.object([
                "code": .string(code.label), "origin": .string(code.origin.rawValue), "status": .integer(code.status),
                "subcode": .string(code.subcode), "name": .string(code.name), "meaning": .string(code.meaning), "action": .string(code.action),
                "cause": code.cause.isEmpty ? .null : .string(code.cause), "ambiguous": .bool(isAmbiguous),
            ]).onOneLine
        }
    }
}
