package org.ikev2d.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void everyCounterIsThereFromTheStartAndGoesUpByOne() {
        Counters counters = new Counters();
        counters.count(Counter.DROPPED_ESP);
        counters.count(Counter.DROPPED_ESP);
        assertThat(counters.snapshot()).containsOnlyKeys(Counter.values()).containsEntry(Counter.DROPPED_ESP, 2L);
        assertThat(counters.total(Counter.DATAGRAMS_IN)).isZero();
        assertThat(Counter.DROPPED_ESP.label()).isEqualTo("dropped-esp");
    }
}
