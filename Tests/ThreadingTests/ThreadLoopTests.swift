import Synchronization
import TestSupport
import Testing
import Threading

@Suite struct ThreadLoopTests {
    @Test func `a loop turns until it is asked to stop`() async {
        let turns = Atomic<Int>(0)
        let turned = WakeSignal()
        let loop = ThreadLoop(name: "turns") { stop in
            while !stop.isRequested {
                if turns.add(1, ordering: .relaxed).newValue == 1000 { turned.send() }
            }
        }
        loop.start()
        #expect(turned.wait(for: .patience))
        #expect(!loop.hasEnded)
        loop.requestStop()
        #expect(await loop.join())
        #expect(loop.hasEnded)
        let after = turns.load(ordering: .relaxed)
        #expect(after >= 1000)
        #expect(turns.load(ordering: .relaxed) == after)
    }

    @Test func `a pause ends as soon as the stop is requested`() async {
        let paused = WakeSignal()
        let loop = ThreadLoop(name: "pauses") { stop in
            paused.send()
            // Longer than any test may take.
            stop.wait(for: .seconds(3600))
        }
        loop.start()
        #expect(paused.wait(for: .patience))
        loop.requestStop()
        #expect(await loop.join(deadline: .now + .patience))
    }

    @Test func `a join gives up at its deadline`() async {
        let loop = ThreadLoop(name: "stays") { stop in stop.wait(for: .seconds(3600)) }
        loop.start()
        #expect(await loop.join(deadline: .now + .milliseconds(20)) == false)
        loop.requestStop()
        #expect(await loop.join())
        #expect(await loop.join(deadline: .now), "a loop that has ended is joined at once")
    }

    @Test func `a join ends with its task`() async {
        let loop = ThreadLoop(name: "stays") { stop in stop.wait(for: .seconds(3600)) }
        loop.start()
        let join = Task { await loop.join() }
        join.cancel()
        #expect(await join.value == false)
        loop.requestStop()
        #expect(await loop.join())
    }

    @Test func `a loop cannot be started twice`() async {
        await #expect(processExitsWith: .failure) {
            let loop = ThreadLoop(name: "once") { stop in stop.wait(for: .seconds(60)) }
            loop.start()
            loop.start()
        }
    }
}

@Suite struct WakeSignalTests {
    @Test func `a signal sent before the wait is not lost, and stays on until it is cleared`() {
        let signal = WakeSignal()
        #expect(!signal.wait(for: .zero))
        signal.send()
        signal.send()
        #expect(signal.wait(for: nil))
        #expect(signal.wait(for: .zero))
        signal.clear()
        #expect(!signal.wait(for: .zero))
    }

    @Test func `a signal can be sent without end`() {
        let signal = WakeSignal()
        for _ in 0..<100_000 { signal.send() }
        signal.clear()
        #expect(!signal.wait(for: .milliseconds(1)))
    }

    @Test(arguments: [
        (Duration.zero, Int32(0)), (.milliseconds(-5), 0), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2), (.seconds(2), 2000),
        (.seconds(Int64.max / 4), 2_000_000_000),
    ]) func `a duration becomes milliseconds and never shorter`(duration: Duration, milliseconds: Int32) {
        #expect(duration.pollMilliseconds == milliseconds)
    }
}
