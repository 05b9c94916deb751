/** The best values of a function of a Java program, by the strategies of sweeps. */
package org.descry.sweep.function;
