package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import org.junit.jupiter.api.Test;

class BusiestTest {
    private static JsonArray children(String rows) throws Exception {
        return JsonParser.array().from("[" + rows + "]");
    }

    @Test
    void theCpuWithMostOctetsIsNamed() throws Exception {
        JsonArray children = children("{\"cpu\":null,\"bytes_in\":10,\"bytes_out\":990},"
                + "{\"cpu\":0,\"bytes_in\":500,\"bytes_out\":5},{\"cpu\":1,\"bytes_in\":490,\"bytes_out\":5}");
        assertThat(Busiest.of(children, "bytes_in")).contains(new Busiest(0, 50));
        assertThat(Busiest.of(children, "bytes_out")).contains(new Busiest(-1, 99));
    }

    /** While one takes the other's place, after both ends made one at once, or because the peer has more CPUs. */
    @Test
    void severalSasOfOneCpuCountTogether() throws Exception {
        JsonArray children =
                children("{\"cpu\":0,\"bytes_in\":40},{\"cpu\":1,\"bytes_in\":30},{\"cpu\":1,\"bytes_in\":30}");
        assertThat(Busiest.of(children, "bytes_in")).contains(new Busiest(1, 60));
    }

    @Test
    void whereNothingIsSpreadNobodyIsBusiest() throws Exception {
        assertThat(Busiest.of(children("{\"cpu\":null,\"bytes_in\":10}"), "bytes_in"))
                .isEmpty();
        assertThat(Busiest.of(children("{\"cpu\":0,\"bytes_in\":0}"), "bytes_in"))
                .isEmpty();
        assertThat(Busiest.of(children(""), "bytes_in")).isEmpty();
    }
}
