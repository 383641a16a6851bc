package org.ikev2d.core.coverage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The requirements of RFCs that a test would fail without: IDs from {@code ikev2d-core/src/test/resources/rfc}. {@code
 * docs/rfc-coverage.md} is made of these.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Holds {
    String[] value();
}
