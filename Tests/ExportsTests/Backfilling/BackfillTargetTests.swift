import Exports
import Testing

/// Where a backfill may send to, and what of it is shown.
@Suite struct BackfillTargetTests {
    @Test(arguments: [
        ("kafka://exported", "kafka://exported"), ("file:/srv/x", "file:/srv/x"), ("file:///srv/x", "file:/srv/x"), ("file:out", "file:/srv/out"),
        ("https://host", "https://host"), ("https://host:8443/a/b", "https://host:8443/a/b"),
        ("https://host/a?code=s3cret", "https://host/a?…"), ("https://host?code=s3cret", "https://host?…"),
        ("https://host/a#s3cret", "https://host/a?…"),
        ("https://ada:s3cret@host/a", "https://host/a"), ("https://s3cret@host", "https://host"),
        ("https://ada:s3%2Fcret%40@host:1/a", "https://host:1/a"), ("https://a:s3cret@b:s3cret@host/", "https://host/"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"), ("http://my_host.local./a", "http://my_host.local./a"),
    ])
    func `a target is shown without its secrets`(text: String, shown: String) throws {
        #expect(try BackfillTarget(text, from: "/srv").text == shown)
    }

    @Test(arguments: [
        "", "topic", "ftp://s3cret@host", "kafka://", "kafka://a/b", "kafka://a b", "kafka://..", "kafka://\(String(repeating: "x", count: 250))",
        "file:",
        "file://", "https://", "https:///a", "https://?s3cret", "https://ada:s3cret@", "https://ada:s3cret@/a", "https://ada:s3/cret@host/a",
        "https://ada:1/s3cret@host", "https://ada:1?s3cret@host", "https://ada:1#s3cret@host", "https://host:0/", "https://host:65536/",
        "https://host:s3cret", "https://host:", "https://ho st/s3cret", "https://höst/s3cret", "https://host\\@s3cret/", "https://[/s3cret",
        "https://[]/",
        "https://host/s3cret\n",
    ])
    func `what is no target is refused, and none of it is shown that may be a secret`(text: String) throws {
        do throws(ExportJobError) {
            _ = try BackfillTarget(text, from: "/srv")
        } catch {
            #expect(error.code == .requestInvalid)
            #expect(error.message.contains("xpected") && !error.message.contains("s3cret"), "\(error)")
            return
        }
        Issue.record("\(text) was taken")
    }

    @Test(arguments: [
        ("https://host/", true, nil), ("https://ada:s3cret@host/", false, nil), ("https://ada:s3cret@host/", true, "a user in its address"),
        ("http://host/", false, nil), ("http://host/", true, "not encrypted"), ("http://ada:s3cret@host/", false, "not encrypted"),
        ("http://127.0.0.1:80/", true, nil), ("http://localhost/", true, nil), ("http://[::1]/", true, nil),
        ("http://127.0.0.1.example/", true, "not encrypted"),
        ("http://localhost.example/", true, "not encrypted"), ("http://128.0.0.1/", true, "not encrypted"),
    ])
    func `credentials go over an encrypted connection or stay on this machine`(url: String, hasAuthorization: Bool, refusal: String?) throws {
        do throws(ExportJobError) {
            try WebhookDelivery.check(WebhookAddress(url), hasAuthorization: hasAuthorization)
            #expect(refusal == nil, "\(url) was taken")
        } catch {
            #expect(error.code == .requestInvalid)
            #expect(refusal.map { error.message.contains($0) } == true, "\(error)")
            #expect(!error.message.contains("s3cret"))
        }
    }

    @Test func `only files are compressed`() throws {
        #expect(throws: ExportJobError.self) { try BackfillTarget("https://host/", isCompressed: true) }
        #expect(throws: ExportJobError.self) { try BackfillTarget("kafka://topic", isCompressed: true) }
        #expect(try BackfillTarget("file:/srv", isCompressed: true).text == "file:/srv (gzip)")
    }
}
