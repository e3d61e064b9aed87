package io.hioload.testkit.ring;

import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;

class MpmcRingTest extends RingTestKit {

    @Override
    protected <E> Ring<E> ring(int capacitySlots) {
        return Rings.mpmc(capacitySlots);
    }

    @Override
    protected int producers() {
        return 3;
    }

    @Override
    protected int consumers() {
        return 3;
    }
}
