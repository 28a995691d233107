import Postgres
import Testing

@Suite struct BackoffTests {
    @Test(arguments: [
        (0, Duration.zero), (1, .milliseconds(100)), (2, .milliseconds(200)), (3, .milliseconds(400)), (7, .milliseconds(6400)), (8, .seconds(10)),
        (10_000, .seconds(10)),
    ]) func `each failure doubles the wait, up to the limit`(failures: Int, delay: Duration) {
        #expect(Backoff(jitter: 0).delay(afterFailures: failures, random: 0.9) == delay)
    }

    @Test func `jitter takes off at most its part`() {
        let backoff = Backoff(initial: .seconds(1), maximum: .seconds(8), multiplier: 3, jitter: 0.25)
        #expect(backoff.delay(afterFailures: 2, random: 0) == .seconds(3))
        #expect(backoff.delay(afterFailures: 2, random: 1) == .milliseconds(2250))
        #expect(backoff.delay(afterFailures: 3, random: 0) == .seconds(8))
    }
}
