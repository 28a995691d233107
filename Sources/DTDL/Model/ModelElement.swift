internal import JSON

/// An element of a model while it is read and checked.
struct ModelElement {
    let identifier: String
    let className: String
    let version: Int
    let limit: String
    /// The Interface that it is defined in, but for Interfaces and standard elements.
    let partition: String?
    /// The element that it is defined in.
    let parent: String?
    var types: [String] = []
    var isStandard = false
    let json: JSONTree
    let document: Int

    var literals: [String: ModelLiteral] = [:]
    /// Values of supplemental properties that are literals or identifiers, by the property's identifier.
    var supplemental: [String: JSONTree] = [:]
    /// Elements by property, as indices, once references are followed.
    var objects: [String: [Int]] = [:]
    /// Contents with those of all Interfaces that this one extends.
    var importedContents: [Int]?
}

/// The value of a literal property.
enum ModelLiteral: Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)

    var text: String? { if case .string(let text) = self { text } else { nil } }
}

/// A value of an object property: an element that an element refers to or defines.
struct ModelReference {
    let owner: Int
    let property: String
    let target: String
    /// The reference as written; nil where the element is defined in place.
    let written: String?
    let kinds: [String]?
    let versions: [Int]?
    /// The element that the target must be defined in.
    let parentElement: String?
    /// The type that the target must have.
    let requiredType: String?
    /// The property of targets that makes them distinct in this one.
    let keyProperty: String?
    let line: Int
    let document: Int
}

/// An element that holds another one, and the property it holds it by.
struct ModelHolder {
    let element: Int
    let property: String
}
