import JSON
import Testing

@Suite struct RefusedWordsTests {
    static let words: [Refused] = [
        Refused("True", .unknownWord, at: 0), Refused("[False]", .unknownWord, at: 1), Refused("None", .unknownWord, at: 0),
        Refused("NULL", .unknownWord, at: 0),
        Refused("undefined", .unknownWord, at: 0), Refused("{\"a\":undefined}", .unknownWord, at: 5), Refused("tru]", .unknownWord, at: 3),
        Refused("[nul]", .unknownWord, at: 4), Refused("[fals]", .unknownWord, at: 5), Refused("trux", .unknownWord, at: 3),
        Refused("nil", .unknownWord, at: 1),
        Refused("truex", .unknownWord, at: 4), Refused("[nullnull]", .unknownWord, at: 5), Refused("true1", .unknownWord, at: 4),
        Refused("[false_]", .unknownWord, at: 6), Refused("hello", .unknownWord, at: 0), Refused("_", .unknownWord, at: 0),
        Refused("$ref", .unknownWord, at: 0),
        Refused("[t rue]", .unknownWord, at: 2), Refused("tRUE", .unknownWord, at: 1), Refused("{\"a\":yes}", .unknownWord, at: 5),
        Refused("NaNs", .unknownWord, at: 0), Refused("Infinit", .unknownWord, at: 0), Refused("nano", .unknownWord, at: 1),
        Refused("fal\u{E9}", .unknownWord, at: 3),
    ]

    static let comments: [Refused] = [
        Refused("// a\n1", .comment, at: 0), Refused("/* a */1", .comment, at: 0), Refused("# a\n1", .comment, at: 0),
        Refused("[1 // a\n]", .comment, at: 3),
        Refused("[1, /* a */ 2]", .comment, at: 4), Refused("{ // a\n}", .comment, at: 2), Refused("{\"a\" /* a */: 1}", .comment, at: 5),
        Refused("{\"a\": # a\n 1}", .comment, at: 6), Refused("1 // a", .comment, at: 2), Refused("1//", .comment, at: 1),
        Refused("{\"a\":1, // b\n\"c\":2}", .comment, at: 8),
        Refused("/", .unexpectedCharacter, at: 0), Refused("/ 1", .unexpectedCharacter, at: 0),
    ]

    static let second: [Refused] = [
        Refused("1 2", .twoDocuments, at: 2), Refused("{}{}", .twoDocuments, at: 2), Refused("{}\n{}", .twoDocuments, at: 3),
        Refused("[][]", .twoDocuments, at: 2),
        Refused("\"a\"\"b\"", .twoDocuments, at: 3), Refused("{} \"a\"", .twoDocuments, at: 3), Refused("null null", .twoDocuments, at: 5),
        Refused("{} true", .twoDocuments, at: 3), Refused("{} -1", .twoDocuments, at: 3), Refused("{}false", .twoDocuments, at: 2),
        Refused("{} ,", .unexpectedCharacter, at: 3), Refused("{},{}", .unexpectedCharacter, at: 2),
        Refused("{} trailing", .unexpectedCharacter, at: 3),
        Refused("{};", .unexpectedCharacter, at: 2), Refused("{}:", .unexpectedCharacter, at: 2), Refused("{}'a'", .unexpectedCharacter, at: 2),
        Refused(",", .unexpectedCharacter, at: 0), Refused(":", .unexpectedCharacter, at: 0), Refused(",1", .unexpectedCharacter, at: 0),
    ]

    @Test(arguments: words) func `bare words are named`(refused: Refused) { refused.check() }
    @Test(arguments: comments) func `comments are named`(refused: Refused) { refused.check() }
    @Test(arguments: second) func `what follows a document is named`(refused: Refused) { refused.check() }
}
