package io.hioload.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

    @Test
    void shouldFindMiddleAndEnds() {
        assertEquals(new Spread(1, 3, 9), Spread.of(List.of(9.0, 1.0, 3.0)));
        assertEquals(new Spread(1, 2, 3), Spread.of(List.of(3.0, 1.0)));
        assertEquals(1.0, new Spread(1, 2, 3).relative());
    }

    @Test
    void shouldReadFiguresOfTheGenerator() {
        Sample sample = new Sample(0, "{\"p99.9_us\":12.5,\"p99_us\":3,\"errors\":0,\"messages\":7,\"server_cpu_us\":-1.0000}", 0, 0);
        assertEquals(12.5, sample.get("p99.9_us"));
        assertEquals(-1, sample.serverCpuUs());
        assertTrue(sample.isGood());
    }

    @Test
    void shouldDrawABarForEachNameWhenWellFormed() throws Exception {
        BarChart chart = new BarChart("a < b & c");
        chart.bar("one", 1);
        chart.bar("hioload", 2000);
        chart.bar("failed", Double.NaN);
        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(chart.svg())));
        assertEquals(3, svg.getElementsByTagName("rect").getLength());
        assertEquals("2,000", svg.getElementsByTagName("text").item(4).getTextContent());
    }
}
