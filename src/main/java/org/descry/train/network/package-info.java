/** Trainings of a program's own network on its own data. */
package org.descry.train.network;
