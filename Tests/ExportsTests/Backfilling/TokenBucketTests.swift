import Exports
import Testing

/// A rate that is kept without a clock of its own.
@Suite struct TokenBucketTests {
    @Test func `a second's worth goes at once, the rest waits for its tokens`() {
        var bucket = TokenBucket(rate: 10, now: .zero)
        #expect(bucket.take(10, now: .zero) == .zero)
        #expect(bucket.take(5, now: .zero) == .milliseconds(500))
        #expect(bucket.take(5, now: .seconds(1)) == .zero)
    }

    @Test func `however long nothing was sent, no more than a second's worth is saved up`() {
        var bucket = TokenBucket(rate: 10, now: .zero)
        #expect(bucket.take(20, now: .seconds(3600)) == .seconds(1))
    }

    @Test func `over a long time the rate is what was asked for`() {
        var bucket = TokenBucket(rate: 100, now: .zero)
        var now = Duration.zero
        for _ in 0..<1000 { now += bucket.take(7, now: now) }
        #expect(now > .seconds(68) && now <= .seconds(70))
    }
}
