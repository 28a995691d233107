import JSON
import Testing

@testable import Ingest

@Suite struct ConsumerStatisticsTests {
    @Test func `a report is summed over partitions, unknown values left out`() {
        let report = """
            {"rx_bytes":1000,"topics":{"a":{"partitions":{"0":{"consumer_lag":5,"fetchq_cnt":2,"fetchq_size":300},"-1":{"consumer_lag":-1}}},
             "b":{"partitions":{"7":{"consumer_lag":10,"fetchq_cnt":1,"fetchq_size":50}}}}}
            """
        var statistics = ConsumerStatistics()
        let totals = statistics.totals(of: report.rawBytes)
        #expect(totals == ConsumerStatistics.Totals(lag: 15, queuedRecords: 3, queuedBytes: 350, receivedBytes: 1000))
    }

    @Test(arguments: ["", "[]", "{\"topics\":[]}", "{\"topics\":{\"a\":5}}"]) func `a report of another form counts nothing`(text: String) {
        var statistics = ConsumerStatistics()
        let totals = statistics.totals(of: text.rawBytes)
        #expect(totals == nil || totals == ConsumerStatistics.Totals())
    }
}
