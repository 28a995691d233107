import Diagnostics
import JSON
import Testing

/// No secret is ever stored.
struct ExportMaskTests {
    @Test(arguments: [
        (#"{"authorization":{"type":"header","value":"Bearer abc"}}"#, #"{"authorization":{"type":"header","value":"*****"}}"#),
        (#"{"authorization":"abc"}"#, #"{"authorization":"*****"}"#),
        (
            #"{"authorization":{"type":"oAuth","clientId":"c","clientSecret":"s","tokenUrl":"https://login.example/t?x=s"}}"#,
            #"{"authorization":{"clientId":"c","clientSecret":"*****","tokenUrl":"https://login.example/t?x=*****","type":"oAuth"}}"#
        ),
        (
            #"{"authorization":{"type":"systemAssignedManagedIdentity","endpointUri":"https://a.blob.core.windows.net/","containerName":"c"}}"#,
            #"{"authorization":{"containerName":"c","endpointUri":"https://a.blob.core.windows.net/","type":"systemAssignedManagedIdentity"}}"#
        ),
        (
            #"{"authorization":{"novelty":"s","n":5,"deep":{"x":["s"]}}}"#,
            #"{"authorization":{"deep":{"x":["*****"]},"n":"*****","novelty":"*****"}}"#
        ),
        (#"{"url":"https://u:p@example.org/a?sig=s&x=1#f"}"#, #"{"url":"https://*****@example.org/a?sig=*****&x=*****#*****"}"#),
        (
            #"{"url":"https://hooks.example/services/T0001/B0002/aB3dE5gH7jK9mN1pQ3sT5vX7"}"#,
            #"{"url":"https://hooks.example/services/T0001/B0002/*****"}"#
        ),
        (
            #"{"headerCustomizations":{"x":{"value":"s"}},"password":["s",{"a":"s"}]}"#,
            #"{"headerCustomizations":{"x":{"value":"*****"}},"password":["*****",{"a":"*****"}]}"#
        ),
        (
            #"{"errors":[{"code":"AuthorizationFailure","message":"SharedAccessKey=abc; refused"}]}"#,
            #"{"errors":[{"code":"AuthorizationFailure","message":"SharedAccessKey=*****;*****"}]}"#
        ),
        (#"{"displayName":"to Basic dXNlcg== it"}"#, #"{"displayName":"to Basic ***** it"}"#),
    ])
    func `secrets go and the rest stays`(text: String, masked: String) throws {
        #expect(try ExportFixture.masked(text) == masked)
    }

    @Test func `what a definition means stays as it is`() throws {
        let text = #"""
            {"id":"c0ffee00c0ffee00c0ffee00c0ffee00","source":"telemetry","enabled":true,"filter":"SELECT * FROM devices WHERE password = \"x\" AND token > 5",
            "enrichments":{"site":{"path":"$name"}},"destinations":[{"id":"ABCDEF0123456789abcdef0123456789"}],"lastExportTime":"2024-05-01T12:00:00Z"}
            """#
        let tree = try ExportFixture.tree(text)
        #expect(try ExportDefinition.read(ExportMask.masked(tree)) == ExportDefinition.read(tree))
        #expect(ExportMask.masked(tree) == tree)
    }

    @Test func `5,000 secrets of every shape do not survive`() throws {
        var random = SeededRandom(seed: 7_002)
        for round in 0..<5000 {
            let secret = Self.secret(&random)
            let tree = Self.object(around: secret, &random)
            let bytes = String(decoding: ExportMask.masked(tree).canonicalBytes(), as: UTF8.self)
            #expect(!bytes.contains(secret), "round \(round): \(bytes)")
            // Masking what is masked changes nothing.
            let again = ExportMask.masked(ExportMask.masked(tree))
            #expect(again == ExportMask.masked(tree), "round \(round)")
        }
    }

    private static func secret(_ random: inout SeededRandom) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let hexadecimal = Array("0123456789abcdef")
        func run(_ count: Int, _ alphabet: [Character]) -> String {
            String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
        }
        // A digit, a small and a capital letter in each that has to be known by its looks.
        switch Int.random(in: 0...3, using: &random) {
        case 0: return "a1B" + run(40, letters) + "="
        case 1: return "a1" + run(62, hexadecimal)
        case 2: return "zQ7" + run(Int.random(in: 40...60, using: &random), letters + ["+", "/"])
        default: return "x9Z" + run(8, letters)
        }
    }

    /// An object of a destination with a secret at one of the places where secrets are.
    private static func object(around secret: String, _ random: inout SeededRandom) -> JSONTree {
        func one(_ names: [String]) -> String { names[Int.random(in: 0..<names.count, using: &random)] }
        let isLong = secret.utf8.count >= 32
        var members: [JSONTree.Member] = [
            .init(key: "id", value: .string("d")),
            .init(key: "type", value: .string(one(["webhook@v1", "eventhubs@v1", "blobstorage@v1", "new@v9"]))),
        ]
        func add(_ key: String, _ value: JSONTree) { members.append(.init(key: key, value: value)) }
        switch Int.random(in: 0...(isLong ? 11 : 9), using: &random) {
        case 0:
            let name = one(["SharedAccessKey", "AccountKey", "SharedAccessSignature", "Password", "pwd", "unknownPart"])
            add(
                one(["connectionString", "ConnectionString", "connection_string", "primaryConnectionString"]),
                .string("Endpoint=sb://x.example/;\(name)=\(secret);EntityPath=e"))
        case 1:
            let name = one(["value", "header", "clientSecret", "connectionString", "secret", "novelty", "key"])
            add(
                one(["authorization", "Authorization"]),
                .object([.init(key: "type", value: .string("header")), .init(key: name, value: .string(secret))]))
        case 2: add("url", .string("https://example.org/hook?\(one(["code", "sig", "x"]))=\(secret)&more=1"))
        case 3: add("url", .string("https://user:\(secret)@example.org/hook"))
        case 4:
            let customizations = JSONTree.object([.init(key: "x-key", value: .object([.init(key: one(["value", "path"]), value: .string(secret))]))])
            add(one(["headerCustomizations", "queryCustomizations"]), customizations)
        case 5:
            let message = one([
                "token=\(secret)", "Bearer \(secret)", "password: \(secret)", #"{"sig":"\#(secret)"}"#, "Authorization: Basic \(secret)",
            ])
            add(
                "errors", .array([.object([.init(key: "code", value: .string("401")), .init(key: "message", value: .string("it said \(message)"))])]))
        case 6: add(one(["password", "api_key", "client-secret", "sasToken", "accessKey", "storageKey", "PASSWD"]), .string(secret))
        case 7: add(one(["password", "secrets", "credentials"]), .array([.object([.init(key: "x", value: .string(secret))]), .string(secret)]))
        case 8: add("authorization", .object([.init(key: "deep", value: .array([.object([.init(key: "type2", value: .string(secret))])]))]))
        case 9: add("nested", .object([.init(key: "authorization", value: .array([.string(secret)]))]))
        case 10: add(one(["note", "displayName", "status", "url"]), .string("see \(secret) there"))
        default: add("nested", .object([.init(key: "list", value: .array([.string(secret)]))]))
        }
        if Bool.random(using: &random) { members.shuffle(using: &random) }
        return .object(members)
    }
}
