/** Trainings in processes of their own. */
package org.descry.sweep.worker;
