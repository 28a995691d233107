import Diagnostics
import Foundation
import Testing

struct ErrorCatalogueTests {
    /// The closed list of causes that a diagnosis may name.
    private static let causes: Set<String> = [
        "blocked", "moved-hub", "credentials-expired", "two-clients", "not-provisioned", "quota-exceeded", "throttled", "deleted",
        "message-too-large",
        "file-upload-failed", "not-connected", "envelope-broken", "platform-error", "",
    ]

    @Test func `docs/error-codes.md is the catalogue`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/error-codes.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["HINDCAST_RENEW_PAGES"] != nil {
            try ErrorCatalogue.markdown.write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == ErrorCatalogue.markdown,
            "docs/error-codes.md is made of the catalogue. Renew it: HINDCAST_RENEW_PAGES=1 swift test --filter ErrorCatalogueTests")
    }

    @Test func `every code says in one sentence each what it means and what to do, and names a known cause`() {
        let codes = ErrorCatalogue.codes
        #expect(Set(codes.map { "\($0.origin) \($0.status) \($0.subcode)" }).count == codes.count)
        for code in codes {
            for sentence in [code.meaning, code.action] {
                #expect(sentence.hasSuffix(".") && sentence.first?.isUppercase == true && !sentence.contains("|"), "\(code.label)")
            }
            #expect(Self.causes.contains(code.cause), "\(code.label)")
            if code.subcode.utf8.count == 6, code.subcode != "400209", Int(code.subcode) != nil {
                #expect(code.subcode.hasPrefix(String(code.status)), "\(code.label)")
            }
        }
    }

    @Test(
        arguments: [
            "dps:400", "dps:401", "dps:404", "dps:405", "dps:409", "dps:412", "dps:415", "dps:429", "dps:500", "dps:401002", "dps:400209", "hub:401",
            "hub:DEVICE_DISABLED", "hub:DEVICE_BLOCKED", "hub:400027", "hub:400029", "hub:400030", "hub:400103", "hub:400014", "hub:400015",
            "hub:400016", "hub:400017", "hub:400018", "hub:400019", "hub:400020", "hub:400022", "hub:400503", "hub:401002", "hub:401003",
            "hub:403002", "hub:403004", "hub:403006", "hub:403008", "hub:403012", "hub:404001", "hub:404103", "hub:404104", "hub:409001",
            "hub:409002", "hub:412002", "hub:413001", "hub:415101", "hub:429000", "hub:429001", "hub:429002", "hub:429003", "hub:429004",
            "hub:429005", "hub:500001", "hub:500008", "hub:503001", "hub:503005",
        ])
    func `the codes that services document are known`(label: String) {
        #expect(ErrorCatalogue.codes(named: label).map(\.label) == [label])
    }

    @Test func `a number alone may mean two things, and a service in front settles it`() {
        #expect(ErrorCatalogue.codes(named: "401002").map(\.origin) == [.dps, .hub])
        #expect(ErrorCatalogue.codes(named: "HUB:401002").map(\.name) == ["IotHubUnauthorizedAccess"])
        #expect(ErrorCatalogue.codes(named: "device_blocked").map(\.label) == ["hub:DEVICE_BLOCKED"])
        #expect(ErrorCatalogue.codes(named: "ThrottlingException").map(\.label) == ["hub:429001"])
        #expect(ErrorCatalogue.codes(named: "403").map(\.status) == [403, 403, 403, 403, 403])
        #expect(ErrorCatalogue.codes(named: "999999").isEmpty)
    }

    @Test func `a code that is not known means what its status means`() {
        #expect(ErrorCatalogue.code(ErrorName(origin: .dps, status: 429, subcode: "429777"))?.label == "dps:429")
        #expect(ErrorCatalogue.code(ErrorName(origin: .hub, status: 401, subcode: "401003"))?.label == "hub:401003")
        #expect(ErrorCatalogue.code(ErrorName(origin: .edge, status: 401, subcode: "")) == nil)
    }
}
