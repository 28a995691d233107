import Outbound
import Testing

/// What an endpoint's answer has a backfill do.
@Suite struct HTTPAnswerTests {
    @Test(arguments: [200, 201, 202, 204, 299]) func `2xx is done`(status: Int) { #expect(HTTPAnswer.status(status).step == .done) }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504]) func `what may pass is tried again, no sooner than is asked for`(status: Int) {
        #expect(HTTPAnswer.status(status, retryAfter: .seconds(7)).step == .retry(after: .seconds(7)))
    }

    @Test(arguments: [301, 302, 400, 401, 403, 404, 410, 413]) func `what stays as it is stops`(status: Int) {
        #expect(HTTPAnswer.status(status).step == .stop)
    }

    @Test func `no answer is tried again`() { #expect(HTTPAnswer.failed("Couldn't connect to server").step == .retry(after: nil)) }
}
