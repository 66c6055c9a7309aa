// <gz-here> fills two hidden fields with where the device stands, once, when its button is pressed.
import { icon } from "../icons";
import { say } from "../words";

export class GzHere extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector("button")) return;
    const [lon, lat] = [...this.querySelectorAll<HTMLInputElement>("input")];
    const told = this.querySelector<HTMLElement>("[role=status]");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-s";
    button.append(icon("pin"), say.takePosition);
    button.addEventListener("click", () => {
      if (told) told.textContent = say.locateWorking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          if (lon) lon.value = coords.longitude.toFixed(6);
          if (lat) lat.value = coords.latitude.toFixed(6);
          if (told) told.textContent = say.positionTaken(Math.round(coords.accuracy));
        },
        () => {
          if (told) told.textContent = say.positionDenied;
        },
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
      );
    });
    this.append(button);
  }
}
