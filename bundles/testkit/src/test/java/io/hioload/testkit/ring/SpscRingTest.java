package io.hioload.testkit.ring;

import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;

class SpscRingTest extends RingTestKit {

    @Override
    protected <E> Ring<E> ring(int capacitySlots) {
        return Rings.spsc(capacitySlots);
    }

    @Override
    protected int producers() {
        return 1;
    }

    @Override
    protected int consumers() {
        return 1;
    }
}
