import JSON
import Testing

/// Why bytes are refused, or nil if they are read.
func fault(in bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONSyntaxError? {
    var reader = JSONReader(limits: limits)
    do throws(JSONSyntaxError) {
        try reader.read(bytes.rawBytes)
        return nil
    } catch {
        return error
    }
}

func fault(in text: String, limits: JSONLimits = JSONLimits()) -> JSONSyntaxError? { fault(in: Array(text.utf8), limits: limits) }

/// The tree of bytes that have to be JSON.
func tree(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws -> JSONTree {
    do throws(JSONSyntaxError) {
        return try JSONTree.parse(bytes, limits: limits)
    } catch {
        Issue.record("unexpectedly refused: \(error)")
        throw error
    }
}

func tree(_ text: String) throws -> JSONTree { try tree(Array(text.utf8)) }

/// The bytes that the compact writer makes of a tree.
func written(_ tree: JSONTree, layout: JSONWriter.Layout = .compact) -> String {
    var writer = JSONWriter(layout: layout)
    writer.tree(tree)
    return String(decoding: writer.bytes, as: UTF8.self)
}

func canonical(_ text: String) throws -> String { String(decoding: try tree(text).canonicalBytes(), as: UTF8.self) }

/// The string of a raw span.
func text(_ bytes: RawSpan) -> String {
    var copy: [UInt8] = []
    bytes.append(to: &copy)
    return String(decoding: copy, as: UTF8.self)
}
