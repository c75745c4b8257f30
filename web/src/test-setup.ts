/** Runs before every unit test file. */
import '@testing-library/jest-dom/vitest'
