package org.descry.data.caption;

import java.util.List;
import org.descry.data.Part;
import org.descry.data.caption.file.ImageName;

/**
 * An image with its captions.
 *
 * @param part null while nothing has told it
 */
record Described(ImageName image, Part part, List<Sentence> captions) {}
