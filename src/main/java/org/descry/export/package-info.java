/** Carries trained models into other programs. */
package org.descry.export;
