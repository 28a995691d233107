import JSON

/// What libFuzzer calls with each document that it makes up. Anything that must hold and does not stops the program, and so names the document.
@c(LLVMFuzzerTestOneInput)
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer hands over a block of exactly `count` bytes, so that the address sanitizer sees every byte that is read beside it.
    let bytes = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start ?? UnsafePointer(bitPattern: 1)!), byteCount: count)
    var reader = JSONReader()
    guard let error = fault(of: bytes, by: &reader) else {
        let document = reader.document(over: bytes)
        checkNodes(of: document)
        checkTree(of: bytes)
        return 0
    }
    check(error, in: bytes)
    return 0
}

/// Why the reader refuses the bytes; nil if it accepts them.
private func fault(of bytes: RawSpan, by reader: inout JSONReader) -> JSONSyntaxError? {
    do throws(JSONSyntaxError) {
        try reader.read(bytes)
        return nil
    } catch {
        return error
    }
}

/// The offset of an error is the first byte at which no continuation could have made JSON: so what is before it is JSON, or only ends too early.
private func check(_ error: JSONSyntaxError, in bytes: RawSpan) {
    precondition((0...bytes.byteCount).contains(error.offset), "an error is outside of the document")
    precondition(!error.description(in: bytes).isEmpty && !error.expected.isEmpty && !error.actual.isEmpty, "an error says nothing")
    let endsEarly = error.reason == .truncated || error.reason == .empty
    precondition(endsEarly == (error.offset == bytes.byteCount), "only what ends too early is wrong at its end")
    let before = bytes.extracting(0..<error.offset)
    var reader = JSONReader()
    guard let earlier = fault(of: before, by: &reader) else { return }
    precondition(earlier.reason == .truncated || earlier.reason == .empty, "what stands before an error is wrong already")
}

/// Every node lies inside of its container, behind its sibling, and all questions about it are answered.
private func checkNodes(of document: borrowing JSONDocument) {
    let all = document.source(document.root)
    precondition(document.endOffset(document.root) - document.offset(document.root) == all.byteCount, "a root is not where it says")
    var open = [document.root]
    while let node = open.popLast() {
        check(node, of: document)
        var end = document.offset(node) + 1
        var children = 0
        var nextElement = document.firstElement(of: node)
        while let element = nextElement {
            precondition(document.offset(element) >= end && document.endOffset(element) < document.endOffset(node), "an element is out of place")
            end = document.endOffset(element)
            children += 1
            open.append(element)
            nextElement = document.nextElement(after: element, in: node)
        }
        var nextMember = document.firstMember(of: node)
        while let member = nextMember {
            precondition(document.offset(member.key) >= end, "a key is out of place")
            precondition(document.offset(member.value) > document.endOffset(member.key), "a value stands before its key")
            precondition(document.endOffset(member.value) < document.endOffset(node), "a value is out of place")
            end = document.endOffset(member.value)
            children += 1
            check(member.key, of: document)
            open.append(member.value)
            nextMember = document.nextMember(after: member, in: node)
        }
        precondition(children == document.count(node), "a container has not as many children as it says")
        _ = document.firstDuplicateKey(of: node)
    }
}

private func check(_ node: JSONNode, of document: borrowing JSONDocument) {
    switch document.kind(node) {
    case .string:
        let text = document.string(node)
        precondition(document.equals(node, text), "a string is not equal to its own text")
        precondition(text.utf8.count <= document.text(node).byteCount, "a string is longer than what stands for it")
    case .number:
        let integer = document.integer(node)
        let double = document.double(node)
        if let integer { precondition(double == Double(integer), "an integer is not its own double") }
        precondition(double == nil || double == Double(document.string(node)), "a double is not the closest one")
    default: break
    }
}

/// The canonical form of what is accepted is accepted, and its own canonical form; what is written of a tree is read as the same tree.
private func checkTree(of bytes: RawSpan) {
    guard let tree = try? JSONTree.parse(bytes) else { preconditionFailure("a document is accepted by the reader, and refused as a tree") }
    let canonical = tree.canonicalBytes()
    guard let again = try? JSONTree.parse(canonical) else { preconditionFailure("a canonical form is not JSON") }
    precondition(again.canonicalBytes() == canonical, "a canonical form is not its own")
    for layout in [JSONWriter.Layout.compact, .pretty] {
        var writer = JSONWriter(layout: layout)
        writer.tree(tree)
        guard let read = try? JSONTree.parse(writer.bytes) else { preconditionFailure("what is written is not JSON") }
        precondition(read == tree, "what is written is read as something else")
    }
}
