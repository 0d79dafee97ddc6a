import { ref } from 'vue'

/** Whether the command palette is open. The button, the shortcut and the dialog share it. */
export const paletteOpen = ref(false)

/** The palette's search term. */
export const paletteTerm = ref('')
